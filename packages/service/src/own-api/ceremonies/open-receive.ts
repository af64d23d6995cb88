import { openReceive, type ReceiveCeremony } from '../../ceremony/open-ceremony.ts';
import type { ClosedRoute } from '../route.ts';
import {
  ALGORITHMS,
  CEREMONY,
  CUSTODIANS,
  ceremonyAnswer,
  ceremonyContext,
  KEY_NAME,
  tag,
  USAGES,
} from './answers.ts';

export const openReceiveRoute: ClosedRoute = {
  name: 'OpenReceiveCeremony',
  method: 'POST',
  path: '/ceremonies/receive',
  tag,
  summary: 'Receive a key in components: each custodian enters his own',
  to: ['key-manager'],
  body: {
    keyName: KEY_NAME,
    party: KEY_NAME,
    custodians: CUSTODIANS,
    usage: { enum: USAGES },
    algorithm: { enum: ALGORITHMS },
    exportable: { type: 'boolean' },
  },
  optional: ['exportable'],
  answer: CEREMONY,
  async run(input: ReceiveCeremony, context) {
    return ceremonyAnswer(await openReceive(input, ceremonyContext(context)), context);
  },
};
