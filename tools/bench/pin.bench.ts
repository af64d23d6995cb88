import assert from 'node:assert/strict';
import {
  decryptPinBlock,
  encryptPinBlock,
  randomBytes,
  randomPin,
  Secret,
  translatePinBlock,
} from '@keywright/crypto';
import { naiveTranslate } from './naive-pin.ts';
import { rates } from './rate.ts';
import type { Row } from './row.ts';

export const title =
  'PIN translation, ISO format 0 under TDES to ISO format 4 under AES-128, full validation, against createCipheriv (naive)';

const PAN = '4012345678909';

export function* run(): Iterable<Row> {
  const [tdesBytes, aesBytes] = [randomBytes(16), randomBytes(16)];
  using tdes = Secret.copyOf(tdesBytes);
  using aes = Secret.copyOf(aesBytes);
  using pin = randomPin(4);
  const incoming = { format: 'ISO_0', algorithm: 'TDES', pan: PAN, key: tdes } as const;
  const outgoing = { format: 'ISO_4', algorithm: 'AES', pan: PAN, key: aes } as const;
  const block = encryptPinBlock({ ...incoming, pin });
  using naivePin = decryptPinBlock({ ...outgoing, block: naiveTranslate(tdesBytes, aesBytes, PAN, block) });
  assert.ok(naivePin.equals(pin));

  const fresh = () => {
    using first = Secret.copyOf(tdesBytes);
    using second = Secret.copyOf(aesBytes);
    return translatePinBlock({
      incoming: { ...incoming, key: first },
      outgoing: { ...outgoing, key: second },
      block,
    });
  };
  yield* rates([
    ['translate, naive', () => naiveTranslate(tdesBytes, aesBytes, PAN, block)],
    ['translate, nothing cached', fresh],
    ['translate, expanded keys kept', () => translatePinBlock({ incoming, outgoing, block })],
  ]);
}
