import { findCeremony } from '../../ceremony/ceremony.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { CEREMONY, CEREMONY_ID, ceremonyAnswer, ceremonyContext, tag } from './answers.ts';

export const getCeremony: ClosedRoute = {
  name: 'GetCeremony',
  method: 'GET',
  path: '/ceremonies/{ceremonyId}',
  tag,
  summary: 'One ceremony: what its protocol says of it',
  to: EVERY_PERSON,
  params: { ceremonyId: CEREMONY_ID },
  answer: CEREMONY,
  async run({ ceremonyId }: { readonly ceremonyId: string }, context) {
    return ceremonyAnswer(await findCeremony(ceremonyId, ceremonyContext(context)), context);
  },
};
