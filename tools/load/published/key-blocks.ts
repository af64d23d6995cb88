import { Secret } from '@keywright/crypto';
import { unwrapFrom } from '../../../packages/service/test/operations/ecdh-partner.ts';
import { callService, type Endpoint } from '../../bench/service-client.ts';
import type { SendKey } from '../ecdh.ts';
import type { Arns } from './keys.ts';
import type { PublishedCall } from './published-call.ts';

/** Of knovichikhin/psec, issue 8, which has a block under it. */
const KBPK = 'AF'.repeat(32);
/** A key of openemv/tr31's examples, and the check value that they state. */
const SENT = { hex: '3F419E1CB7079442AA37474C2EFBF8B8', checkValue: '08793E' };

/** Brings the KBPK in as AES-256 has to come: by ECDH. @returns its ARN */
export async function importKbpk(endpoint: Endpoint, sendKey: SendKey): Promise<string> {
  const KeyMaterial = { DiffieHellmanTr31KeyBlock: sendKey(KBPK, { keyUsage: 'K1' }) };
  return (await callService(endpoint, { operation: 'ImportKey', input: { KeyMaterial } })).Key.KeyArn;
}

/** The key in a block that came out of the service under the KBPK. */
export function keyIn(block: string): string {
  using kbpk = Secret.fromHex(KBPK);
  return unwrapFrom(kbpk, block).hex;
}

/** A key that an ECDH partner sends, to be wrapped under a KEK. */
export function keyTranslation({ kbpk }: Arns, sendKey: SendKey): PublishedCall {
  return {
    operation: 'TranslateKeyMaterial',
    path: '/keymaterial/translate',
    input: {
      IncomingKeyMaterial: { DiffieHellmanTr31KeyBlock: sendKey(SENT.hex, { keyUsage: 'D0' }) },
      OutgoingKeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kbpk } },
    },
    see: ({ WrappedKey }) => ({
      KeyCheckValue: WrappedKey.KeyCheckValue,
      key: keyIn(WrappedKey.WrappedKeyMaterial),
    }),
    expected: { KeyCheckValue: SENT.checkValue, key: SENT.hex },
  };
}
