import { completeReceive } from '../../ceremony/end-ceremony.ts';
import type { ClosedRoute } from '../route.ts';
import { CEREMONY, CEREMONY_ID, CHECK_VALUE, ceremonyAnswer, ceremonyContext, tag } from './answers.ts';

export const completeReceiveRoute: ClosedRoute = {
  name: 'CompleteReceiveCeremony',
  method: 'POST',
  path: '/ceremonies/{ceremonyId}/complete-receive',
  tag,
  summary: 'Combine the components, and take the key in if it has the check value that the sender states',
  to: ['key-manager'],
  params: { ceremonyId: CEREMONY_ID },
  body: { checkValue: CHECK_VALUE },
  answer: CEREMONY,
  async run(
    { ceremonyId, checkValue }: { readonly ceremonyId: string; readonly checkValue: string },
    context,
  ) {
    const completed = await completeReceive(ceremonyId, { checkValue }, ceremonyContext(context));
    return ceremonyAnswer(completed, context);
  },
};
