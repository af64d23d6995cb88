import { completeSend } from '../../ceremony/end-ceremony.ts';
import type { ClosedRoute } from '../route.ts';
import { CEREMONY, CEREMONY_ID, ceremonyAnswer, ceremonyContext, tag } from './answers.ts';

export const completeSendRoute: ClosedRoute = {
  name: 'CompleteSendCeremony',
  method: 'POST',
  path: '/ceremonies/{ceremonyId}/complete-send',
  tag,
  summary: 'End a ceremony once every sheet is printed',
  to: ['key-manager'],
  params: { ceremonyId: CEREMONY_ID },
  answer: CEREMONY,
  async run({ ceremonyId }: { readonly ceremonyId: string }, context) {
    return ceremonyAnswer(await completeSend(ceremonyId, ceremonyContext(context)), context);
  },
};
