import { openSend, type SendCeremony } from '../../ceremony/open-ceremony.ts';
import type { ClosedRoute } from '../route.ts';
import { CEREMONY, CUSTODIANS, ceremonyAnswer, ceremonyContext, KEY_NAME, tag } from './answers.ts';

export const openSendRoute: ClosedRoute = {
  name: 'OpenSendCeremony',
  method: 'POST',
  path: '/ceremonies/send',
  tag,
  summary: 'Send a key in components: each custodian prints one sheet, once',
  to: ['key-manager'],
  body: {
    keyName: KEY_NAME,
    party: KEY_NAME,
    custodians: CUSTODIANS,
    keyIdentifier: { type: 'string', maxLength: 322, description: 'ARN or alias' },
  },
  answer: CEREMONY,
  async run(input: SendCeremony, context) {
    return ceremonyAnswer(await openSend(input, ceremonyContext(context)), context);
  },
};
