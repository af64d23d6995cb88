import { digestOfCode, newEnrolmentCode } from '../access/enrolment.ts';
import { peopleIn } from '../access/person.ts';
import { AwsException, conflict, notFound } from '../api/exceptions.ts';
import type { GuardContext } from './guard.ts';
import { type ApprovalRequest, type RequestDocument, requestsIn, statusOf } from './request.ts';

/** Actions that make somebody an invitation: who approves one is told a code of it. */
const INVITING: ReadonlySet<string> = new Set(['CreatePerson', 'ResetPerson']);
const HOUR = 60 * 60 * 1000;

/** A decision as it was taken. */
export interface Decided {
  readonly request: RequestDocument;
  /** Told to who approved an invitation, and to nobody else. */
  readonly enrolmentCode?: string;
}

export async function findRequest(id: string, context: GuardContext): Promise<RequestDocument> {
  const request = await requestsIn(context).find(id);
  if (request === undefined) throw notFound(id);
  return request;
}

/** @throws AwsException AccessDeniedException when it is not for him to decide */
function checkMayDecide({ id, body }: RequestDocument, { principal }: GuardContext): void {
  const { arn, name, roles, kind } = principal;
  const denied = (why: string) =>
    new AwsException('AccessDeniedException', `User: ${arn} may not decide on request ${id}: ${why}.`);
  if (body.requester.owner === name) throw denied('nobody approves his own requests');
  if (kind !== 'person' || !roles.some((role) => body.approvers.includes(role))) {
    throw denied(`that is for people with the role ${body.approvers.join(' or ')}`);
  }
  if (body.decisions.some(({ by }) => by === name))
    throw conflict(`${name} has decided on request ${id} already.`);
}

function approvalsOf({ decisions }: ApprovalRequest): number {
  return decisions.filter(({ approves }) => approves).length;
}

/**
 * Takes a person's decision, which is never taken back. One denial ends a request; it may be carried out once there are approvals
 * enough, by who asked for it.
 *
 * @throws AwsException AccessDeniedException for who asked, or lacks the role; ConflictException when it is no longer open
 */
export async function decide(id: string, approves: boolean, context: GuardContext): Promise<Decided> {
  const request = await findRequest(id, context);
  const now = context.now();
  checkMayDecide(request, context);
  const status = statusOf(request, now);
  if (status !== 'PENDING') throw conflict(`Request ${id} is not open any more: it is ${status}.`);
  const enrolmentCode = approves && INVITING.has(request.body.action) ? newEnrolmentCode() : undefined;
  const codeDigest = enrolmentCode && digestOfCode(enrolmentCode);
  const decision = { by: context.principal.name, approves, at: now, codeDigest };
  const body = { ...request.body, decisions: [...request.body.decisions, decision] };
  const { hoursToUse } = await context.dualControl.current();
  const useBy = approvalsOf(body) >= body.approvals ? now + hoursToUse * HOUR : undefined;
  const change = await requestsIn(context).replace(request, { body: { ...body, useBy } });
  await context.store.writeDocuments([change]);
  const decided = await findRequest(id, context);
  return enrolmentCode === undefined ? { request: decided } : { request: decided, enrolmentCode };
}

/** How many people could decide on what needs those roles. */
export async function countPeople(roles: readonly string[], context: GuardContext): Promise<number> {
  const people = await peopleIn(context).list();
  return people.filter(
    ({ body }) => body.status === 'active' && body.roles.some((role) => roles.includes(role)),
  ).length;
}
