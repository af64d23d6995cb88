import type { Call } from '../../bench/service-client.ts';
import type { KnownKey } from '../known-keys.ts';
import { keyIn } from './key-blocks.ts';
import { type Arns, KEYS } from './keys.ts';
import type { PublishedCall } from './published-call.ts';

/** knovichikhin/psec, issue 8: FD, 32 times, under AF, 32 times. */
const PSEC_BLOCK =
  'D0144P0AE00E00004137362BF6B1E7CA8A873122D921FA897ED30540CD925E8232A873B682DCE586' +
  'B21C1E07BDD3503AE182C2C8FD9162A2F6A414AAE12E32A1048B5D7E8360F529';
/** Of the key in it, by openemv/tr31. */
const PSEC_CHECK_VALUE = '2B82EA';

/** The initial keys of X9.24-1:2009, A.4, and of the supplement of X9.24-3:2017. */
function initialKeys({ bdk, aesBdk, kbpk }: Arns): PublishedCall[] {
  const cases = [
    [bdk, 'FFFF9876543210E00001', '6AC292FAA1315B4D858AB3A3D7D5933A'],
    [aesBdk, '123456789012345600000001', '1273671EA26AC29AFA4D1084127652A1'],
  ] as const;
  return cases.map(([ExportKeyIdentifier, KeySerialNumber, key]) => ({
    operation: 'ExportKey',
    input: {
      ExportKeyIdentifier,
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kbpk } },
      ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber } },
    },
    see: ({ WrappedKey }) => ({ key: keyIn(WrappedKey.KeyMaterial) }),
    expected: { key },
  }));
}

function psecBlock({ kbpk }: Arns): PublishedCall {
  return {
    operation: 'ImportKey',
    input: {
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kbpk, WrappedKeyBlock: PSEC_BLOCK } },
    },
    see: ({ Key: { KeyAttributes, KeyCheckValue } }) => ({ ...KeyAttributes, KeyCheckValue }),
    expected: {
      KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
      KeyAlgorithm: 'AES_256',
      KeyCheckValue: PSEC_CHECK_VALUE,
    },
  };
}

/** Keys that come in and go out; each import leaves a key behind. */
export function keyTransfers(importCall: (key: KnownKey) => Call, arns: Arns): PublishedCall[] {
  const guide = {
    ...importCall(KEYS.cryptogram),
    see: ({ Key }: { Key: { KeyCheckValue: string } }) => ({ KeyCheckValue: Key.KeyCheckValue }),
    expected: { KeyCheckValue: '08D7B4' },
  };
  return [guide, psecBlock(arns), ...initialKeys(arns)];
}
