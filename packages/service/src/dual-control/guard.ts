import { ADMINISTRATOR } from '../access/access-keys.ts';
import { peopleIn } from '../access/person.ts';
import type { Principal } from '../access/principal.ts';
import { AwsException } from '../api/exceptions.ts';
import type { Keeping } from '../custody/documents.ts';
import { randomId } from '../operations/random-id.ts';
import { type Action, type DualControlPolicy, findRule, type Rule } from './policy.ts';
import type { DualControl } from './policy-record.ts';
import {
  type ApprovalRequest,
  digestOfInput,
  KEPT_FOR,
  type RequestDocument,
  requestsIn,
  type ShownKey,
  statusOf,
} from './request.ts';

/** Who wants to do something, and with what it is decided. */
export type GuardContext = Keeping & {
  readonly dualControl: DualControl;
  readonly principal: Principal;
  readonly region: string;
  now(): number;
};

/** An action that may need approval. */
export interface GuardedAction extends Action {
  /** All of it: what was approved and what is done must be the same. */
  readonly input: unknown;
  /** What of it may be seen. */
  readonly shownInput: unknown;
  readonly keys: readonly ShownKey[];
}

/** What was approved, for who carries it out. */
export interface Grant {
  readonly requestId: string;
  /** Digests of the codes that those who approved were told. */
  readonly codeDigests: readonly string[];
}

const HOUR = 60 * 60 * 1000;
const MOST_PENDING = 100;

/** Tells what to ask for, and how. */
function approvalRequired(
  { id, body }: RequestDocument,
  { approvals, approvers }: Rule,
  principal: Principal,
): AwsException {
  const people = `${approvals} ${approvals === 1 ? 'person' : 'people'} with the role ${approvers.join(' or ')}`;
  const until = new Date(body.decideBy).toISOString();
  return new AwsException(
    'ApprovalRequiredException',
    `User: ${principal.arn} is not authorized to perform: ${body.action} before ${people} other than the requester approved request ${id}, by ${until} ` +
      `(keywright request approve ${id}); then repeat the same call`,
    { approvalRequest: id },
  );
}

async function openRequest(
  { name: action, input, shownInput, keys }: GuardedAction,
  { approvals, approvers }: Rule,
  { hoursToDecide }: DualControlPolicy,
  context: GuardContext,
): Promise<RequestDocument> {
  const { principal, region, store } = context;
  const { kind, name, arn, owner } = principal;
  const requests = requestsIn(context);
  const now = context.now();
  const pending = (await requests.list({ group: arn })).filter((one) => statusOf(one, now) === 'PENDING');
  if (pending.length >= MOST_PENDING) {
    const message = `There are ${MOST_PENDING} requests of yours that wait for approval: have them decided first.`;
    throw new AwsException('ServiceQuotaExceededException', message);
  }
  const decideBy = now + hoursToDecide * HOUR;
  const body: ApprovalRequest = {
    action,
    region,
    requester: { kind, name, arn, owner },
    inputDigest: digestOfInput(action, region, input, keys),
    input: shownInput,
    keys,
    approvals,
    approvers,
    requestedAt: now,
    decideBy,
    decisions: [],
  };
  const id = `req-${randomId()}`;
  await store.writeDocuments([
    await requests.insert({ id, group: arn, body, expiresAt: decideBy + KEPT_FOR }),
  ]);
  return (await requests.find(id))!;
}

/** The requester's request for this very input, the one that is furthest on. */
async function findRequest(
  { name, input, keys }: GuardedAction,
  context: GuardContext,
): Promise<{ approved?: RequestDocument | undefined; pending?: RequestDocument | undefined }> {
  const digest = digestOfInput(name, context.region, input, keys);
  const own = await requestsIn(context).list({ group: context.principal.arn });
  const same = own.filter(({ body }) => body.inputDigest === digest);
  const inStatus = (status: string) => same.find((one) => statusOf(one, context.now()) === status);
  return { approved: inStatus('APPROVED'), pending: inStatus('PENDING') };
}

/** Approvals count as long as who gave them still may: somebody may have been shut out since. */
async function validApprovals({ body }: RequestDocument, rule: Rule, context: GuardContext): Promise<number> {
  let count = 0;
  for (const { by, approves } of body.decisions) {
    const person = approves ? await peopleIn(context).find(by) : undefined;
    const may = person?.body.roles.some((role) => rule.approvers.includes(role));
    if (person?.body.status === 'active' && may) count += 1;
  }
  return count;
}

async function markUsed(request: RequestDocument, usedAt: number | undefined, context: GuardContext) {
  const requests = requestsIn(context);
  const change = await requests.replace(request, { body: { ...request.body, usedAt } });
  await context.store.writeDocuments([change]);
  return (await requests.find(request.id))!;
}

/** Uses the approval up and acts; when the action fails, nothing was done, and the approval can be used again. */
async function carryOut<Result>(
  request: RequestDocument,
  context: GuardContext,
  act: (grant: Grant) => Promise<Result>,
): Promise<Result> {
  const used = await markUsed(request, context.now(), context);
  const codeDigests = used.body.decisions.flatMap(({ codeDigest }) => codeDigest ?? []);
  try {
    return await act({ requestId: request.id, codeDigests });
  } catch (error) {
    await markUsed(used, undefined, context);
    throw error;
  }
}

/** @throws AwsException to whoever set the service up, for whom the policy leaves no way */
function checkOperator({ owner, arn }: Principal, name: string, rule: Rule | undefined, limit: string): void {
  // An access key that was made with it is as good as it.
  if (owner !== ADMINISTRATOR || (rule === undefined && limit !== 'nothing')) return;
  const part = limit === 'nothing' ? 'may do nothing' : 'has no part in what needs approval';
  throw new AwsException(
    'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${name}: dual control is on, and the access key in the file aws-credentials ${part}`,
  );
}

/**
 * Does what nobody may do alone: at once where the policy asks for nobody else or an approval is there, which is then used up.
 * Otherwise it is requested.
 *
 * @throws AwsException ApprovalRequiredException with the request's id
 */
export async function guard<Result>(
  action: GuardedAction,
  context: GuardContext,
  act: (grant?: Grant) => Promise<Result>,
): Promise<Result> {
  const { principal } = context;
  const policy = await context.dualControl.current();
  const rule = findRule(policy, action);
  if (policy.enabled) checkOperator(principal, action.name, rule, policy.operator);
  if (rule === undefined) return act();
  const { approved, pending } = await findRequest(action, context);
  if (approved && (await validApprovals(approved, rule, context)) >= rule.approvals) {
    return carryOut(approved, context, act);
  }
  throw approvalRequired(pending ?? (await openRequest(action, rule, policy, context)), rule, principal);
}
