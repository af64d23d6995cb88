import { PERSON_ROLES } from '../../access/person.ts';
import { type RequestDocument, type RequestStatus, statusOf } from '../../dual-control/request.ts';
import type { Schema } from '../route.ts';
import { isoTime, listOf, objectOf, TEXT, TIME } from '../schemas.ts';

export const STATUSES: readonly RequestStatus[] = ['PENDING', 'APPROVED', 'DENIED', 'USED', 'EXPIRED'];
export const REQUEST_ID: Schema = { type: 'string', pattern: '^req-[a-z2-7]{16}$' };

const KEY = objectOf({
  member: TEXT,
  arn: TEXT,
  usage: TEXT,
  algorithm: TEXT,
  checkValue: TEXT,
  state: TEXT,
  aliases: listOf(TEXT),
});
const DECISION = objectOf({ by: TEXT, approves: { type: 'boolean' }, at: TIME });

/** What those who decide must know. */
export const REQUEST: Schema = objectOf(
  {
    id: REQUEST_ID,
    status: { enum: STATUSES },
    action: TEXT,
    region: TEXT,
    requester: TEXT,
    owner: TEXT,
    input: { type: 'object', description: 'The whole input, but for what must not be seen' },
    keys: listOf(KEY),
    approvals: { type: 'integer' },
    approvers: listOf({ enum: PERSON_ROLES }),
    decisions: listOf(DECISION),
    requestedAt: TIME,
    decideBy: TIME,
    useBy: TIME,
    usedAt: TIME,
  },
  ['useBy', 'usedAt'],
);

export function requestAnswer(request: RequestDocument, now: number): object {
  const { id, body } = request;
  const { action, region, requester, input, keys, approvals, approvers, useBy, usedAt } = body;
  return {
    id,
    status: statusOf(request, now),
    action,
    region,
    requester: requester.arn,
    owner: requester.owner,
    input,
    keys,
    approvals,
    approvers,
    decisions: body.decisions.map(({ by, approves, at }) => ({ by, approves, at: isoTime(at) })),
    requestedAt: isoTime(body.requestedAt),
    decideBy: isoTime(body.decideBy),
    ...(useBy !== undefined && { useBy: isoTime(useBy) }),
    ...(usedAt !== undefined && { usedAt: isoTime(usedAt) }),
  };
}
