/** A person, as the service tells. */
export interface Person {
  readonly name: string;
  readonly roles: readonly string[];
  readonly status: string;
  readonly createdAt: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly user: string;
  readonly owner: string;
  readonly active: boolean;
  readonly policy: string;
  readonly createdAt: string;
}

interface Key {
  readonly member: string;
  readonly arn: string;
  readonly usage: string;
  readonly algorithm: string;
  readonly checkValue: string;
  readonly state: string;
  readonly aliases: readonly string[];
}

/** A request for approval. */
export interface ApprovalRequest {
  readonly id: string;
  readonly status: string;
  readonly action: string;
  readonly region: string;
  readonly requester: string;
  readonly owner: string;
  readonly input: unknown;
  readonly keys: readonly Key[];
  readonly approvals: number;
  readonly approvers: readonly string[];
  readonly decisions: readonly { readonly by: string; readonly approves: boolean; readonly at: string }[];
  readonly requestedAt: string;
  readonly decideBy: string;
  readonly useBy?: string;
  readonly usedAt?: string;
}

interface Rule {
  readonly actions: readonly string[];
  readonly usages?: readonly string[];
  readonly materials?: readonly string[];
  readonly approvals: number;
  readonly approvers: readonly string[];
}

export interface DualControlPolicy {
  readonly version: number;
  readonly enabled: boolean;
  readonly rules: readonly Rule[];
  readonly hoursToDecide: number;
  readonly hoursToUse: number;
  readonly operator: string;
}

export function describePerson({ name, roles, status, createdAt }: Person): string {
  return `${name.padEnd(20)} ${status.padEnd(10)} ${roles.join(', ')}  (since ${createdAt})`;
}

export function describeAccessKey({ accessKeyId, user, owner, active, createdAt }: AccessKey): string {
  const state = active ? 'active' : 'inactive';
  return `${accessKeyId} ${state.padEnd(8)} ${user}, of ${owner}  (since ${createdAt})`;
}

function describeKey({ member, arn, usage, algorithm, checkValue, state, aliases }: Key): string[] {
  const names = aliases.length === 0 ? 'no alias' : aliases.join(', ');
  return [`  ${member}: ${arn}`, `    ${usage}, ${algorithm}, KCV ${checkValue}, ${state}, ${names}`];
}

/** Texts of a requester's making are shown as JSON, so that nothing of them moves the cursor or passes for another line. */
function indented(value: unknown): string[] {
  return JSON.stringify(value, undefined, 2)
    .split('\n')
    .map((line) => `    ${line}`);
}

function decided(request: ApprovalRequest, approves: boolean): string {
  const names = request.decisions.filter((one) => one.approves === approves).map(({ by }) => by);
  return names.length === 0 ? 'nobody' : names.join(', ');
}

function endOf({ status, decideBy, useBy, usedAt }: ApprovalRequest): string {
  if (usedAt !== undefined) return `done at ${usedAt}`;
  if (status === 'APPROVED') return `to be repeated by the requester until ${useBy}`;
  return `to be decided until ${decideBy}`;
}

/** Everything that somebody who decides must know. */
export function describeRequest(request: ApprovalRequest): string {
  const { id, status, action, region, requester, owner, approvals, approvers, keys, input } = request;
  return [
    `${id} ${status}`,
    `  ${action} in ${region}`,
    `  requested by ${requester} (${owner}) at ${request.requestedAt}`,
    `  needs ${approvals} of: ${approvers.join(', ')}`,
    `  approved by ${decided(request, true)}; denied by ${decided(request, false)}; ${endOf(request)}`,
    ...(keys.length > 0 ? ['  keys'] : []),
    ...keys.flatMap(describeKey).map((line) => `  ${line}`),
    '  input',
    ...indented(input),
  ].join('\n');
}

/** One line of a list. */
export function summarizeRequest({ id, status, action, owner, decideBy }: ApprovalRequest): string {
  return `${id} ${status.padEnd(8)} ${action}, asked for by ${owner}, to be decided until ${decideBy}`;
}

function describeRule({ actions, usages, materials, approvals, approvers }: Rule): string {
  const limits = [...(usages ?? []), ...(materials ?? [])];
  const only = limits.length === 0 ? '' : ` (only of ${limits.join(', ')})`;
  const who = approvals === 0 ? 'nobody' : `${approvals} of ${approvers.join(', ')}`;
  return `  ${who}: ${actions.join(', ')}${only}`;
}

export function describePolicy(policy: DualControlPolicy): string {
  const { enabled, version, rules, hoursToDecide, hoursToUse, operator } = policy;
  if (!enabled) return 'Dual control is off: everybody does alone what his role or access key lets him do.';
  return [
    `Dual control is on (version ${version}). Besides who asks it takes`,
    ...rules.map(describeRule),
    `Requests wait ${hoursToDecide} hours for a decision; approved ones can be carried out for ${hoursToUse} hours.`,
    `The access key in the file aws-credentials may do ${operator === 'nothing' ? 'nothing' : 'what needs no approval'}.`,
  ].join('\n');
}
