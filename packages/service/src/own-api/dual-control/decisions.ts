import { decide } from '../../dual-control/decide.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { objectOf, TEXT } from '../schemas.ts';
import { REQUEST, REQUEST_ID, requestAnswer } from './request-answer.ts';

function decision(name: string, verb: string, approves: boolean, summary: string): ClosedRoute {
  return {
    name,
    method: 'POST',
    path: `/requests/{id}/${verb}`,
    tag: 'Dual control',
    summary,
    // The request's rule says which roles; nobody decides on his own requests.
    to: EVERY_PERSON,
    params: { id: REQUEST_ID },
    answer: objectOf({ request: REQUEST, enrolmentCode: TEXT }, ['enrolmentCode']),
    async run({ id }: { readonly id: string }, context) {
      const { request, ...code } = await decide(id, approves, context);
      return { request: requestAnswer(request, context.now()), ...code };
    },
  };
}

export const approveRequest = decision(
  'ApproveRequest',
  'approve',
  true,
  'Approve what somebody else asks for; for an invitation the answer has a code for the person, which nobody else is told',
);
export const denyRequest = decision('DenyRequest', 'deny', false, 'Deny a request, which ends it');
