import { abortCeremony } from '../../ceremony/end-ceremony.ts';
import type { ClosedRoute } from '../route.ts';
import { CEREMONY, CEREMONY_ID, ceremonyAnswer, ceremonyContext, tag } from './answers.ts';

export const abortCeremonyRoute: ClosedRoute = {
  name: 'AbortCeremony',
  method: 'POST',
  path: '/ceremonies/{ceremonyId}/abort',
  tag,
  summary: 'Give a ceremony up: every component that is here is destroyed',
  to: ['key-manager', 'administrator'],
  params: { ceremonyId: CEREMONY_ID },
  answer: CEREMONY,
  async run({ ceremonyId }: { readonly ceremonyId: string }, context) {
    return ceremonyAnswer(await abortCeremony(ceremonyId, ceremonyContext(context)), context);
  },
};
