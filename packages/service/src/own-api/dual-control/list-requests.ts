import { type RequestStatus, requestsIn, statusOf } from '../../dual-control/request.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { REQUEST, requestAnswer, STATUSES } from './request-answer.ts';

interface Input {
  readonly status?: RequestStatus;
}

/** A machine sees its own requests. */
export const listRequests: ClosedRoute = {
  name: 'ListRequests',
  method: 'GET',
  path: '/requests',
  tag: 'Dual control',
  summary: 'Requests for approval of the last 90 days, the latest first; those of one status, or all',
  to: [...EVERY_PERSON, 'machine'],
  query: { status: { enum: STATUSES } },
  optional: ['status'],
  answer: objectOf({ requests: listOf(REQUEST) }),
  async run({ status }: Input, context) {
    const { kind, arn } = context.principal;
    const found = await requestsIn(context).list(kind === 'machine' ? { group: arn } : {});
    const now = context.now();
    const wanted = found.filter((request) => status === undefined || statusOf(request, now) === status);
    wanted.sort((a, b) => b.body.requestedAt - a.body.requestedAt);
    return { requests: wanted.map((request) => requestAnswer(request, now)) };
  },
};
