import { ADMINISTRATOR, userArn } from '../../access/access-keys.ts';
import { AwsException, conflict, notFound } from '../../api/exceptions.ts';
import { DuplicateRecordError } from '../../store/errors.ts';
import type { ApprovalSessionRecord, ApprovalTeamRecord } from '../../store/records/approval.ts';
import { keyArn } from '../key-identifier.ts';
import type { Context } from '../operation.ts';
import { sessionArn } from './approval.ts';
import { endSession } from './end-sessions.ts';
import { checkMembers, type Fields } from './fields.ts';

/** What the service's own operations work with: they are none of AWS's. */
export type ApprovalContext = Omit<Context, 'action'>;

/** The caller's name among the members of a team. */
function memberOf({ members }: ApprovalTeamRecord, { account, caller }: ApprovalContext): string | undefined {
  return members.find((member) => userArn(account, member) === caller);
}

/** What a member needs to know to decide. */
async function sessionAnswer(
  session: ApprovalSessionRecord,
  team: ApprovalTeamRecord,
  context: ApprovalContext,
): Promise<object> {
  const { region, account, store } = context;
  const { sessionId, keyId } = session;
  const decisions = await store.listDecisions(region, sessionId);
  const key = keyId === undefined ? undefined : await store.findKey(region, keyId);
  return {
    sessionArn: sessionArn(session, context),
    operation: session.operation,
    requester: session.requester,
    comment: session.comment,
    status: session.status,
    requestedAt: new Date(session.requestedAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
    threshold: team.threshold,
    approvedBy: decisions.filter(({ approves }) => approves).map(({ member }) => member),
    deniedBy: decisions.filter(({ approves }) => !approves).map(({ member }) => member),
    ...(key && { keyArn: keyArn(account, region, key.keyId), certificate: key.certificate }),
  };
}

/** The open sessions of the caller's teams; the administrator sees every one. */
export async function listSessions(_fields: Fields, context: ApprovalContext): Promise<object> {
  const { region, account, caller, store } = context;
  const sessions = [];
  for (const session of await store.pendingSessions(region)) {
    const team = (await store.findApprovalTeam(region, session.teamName))!;
    if (caller !== userArn(account, ADMINISTRATOR) && memberOf(team, context) === undefined) continue;
    sessions.push(await sessionAnswer(session, team, context));
  }
  return { sessions };
}

function denied(caller: string, { sessionId }: ApprovalSessionRecord, why: string): AwsException {
  return new AwsException(
    'AccessDeniedException',
    `User: ${caller} may not decide on session ${sessionId}: ${why}.`,
  );
}

function checkOpen({ sessionId, status, expiresAt }: ApprovalSessionRecord, now: number): void {
  if (status !== 'PENDING') throw conflict(`Session ${sessionId} has ended: it is ${status}.`);
  if (now >= expiresAt) throw conflict(`Session ${sessionId} has expired.`);
}

/** Takes a member's decision, which is never taken back, and what follows from it. */
async function decide(sessionId: string, approves: boolean, context: ApprovalContext): Promise<object> {
  const { region, caller, store, now } = context;
  const session = await store.findApprovalSession(region, sessionId);
  if (session === undefined) throw notFound(sessionId);
  const team = (await store.findApprovalTeam(region, session.teamName))!;
  if (session.requester === caller) throw denied(caller, session, 'nobody approves his own request');
  const member = memberOf(team, context);
  if (member === undefined) throw denied(caller, session, `only members of team ${team.teamName} may`);
  const decidedAt = now();
  checkOpen(session, decidedAt);
  try {
    await store.insertDecision({ region, sessionId, member, approves, decidedAt });
  } catch (error) {
    if (error instanceof DuplicateRecordError)
      throw conflict(`${member} has decided on session ${sessionId} already.`);
    throw error;
  }
  return sessionAnswer(await endSession(session, context), team, context);
}

export async function approveSession(
  fields: Fields,
  context: ApprovalContext,
  sessionId: string,
): Promise<object> {
  checkMembers(fields, []);
  return decide(sessionId, true, context);
}

export async function denySession(
  fields: Fields,
  context: ApprovalContext,
  sessionId: string,
): Promise<object> {
  checkMembers(fields, []);
  return decide(sessionId, false, context);
}
