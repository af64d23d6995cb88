import { createPublicKey } from 'node:crypto';
import { encodeHex, encryptOaep, Secret } from '@keywright/crypto';
import type { KeyAlgorithm, KeyUsage } from '../../packages/service/src/api/control-plane.generated.ts';
import { type ModeLetter, modesOfLetter } from '../../packages/service/src/policy/modes-of-use.ts';
import { callService, type Endpoint } from '../bench/service-client.ts';

/** A key whose bytes are published. */
export interface KnownKey {
  readonly usage: KeyUsage;
  readonly algorithm: KeyAlgorithm;
  readonly mode: ModeLetter;
  readonly hex: string;
}

/** Brings published keys into a service, encrypted under a key of the service's as any key comes in. */
export async function keyImporter(endpoint: Endpoint): Promise<(key: KnownKey) => Promise<string>> {
  const { ImportToken, WrappingKeyCertificate } = await callService(endpoint, {
    operation: 'GetParametersForImport',
    input: { KeyMaterialType: 'KEY_CRYPTOGRAM', WrappingKeyAlgorithm: 'RSA_3072' },
  });
  const publicKey = createPublicKey(Buffer.from(WrappingKeyCertificate, 'base64'));
  return async ({ usage, algorithm, mode, hex }) => {
    using key = Secret.fromHex(hex);
    const KeyAttributes = {
      KeyUsage: usage,
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: algorithm,
      KeyModesOfUse: modesOfLetter(mode),
    };
    const KeyCryptogram = {
      KeyAttributes,
      Exportable: true,
      WrappedKeyCryptogram: encodeHex(encryptOaep(publicKey, 'SHA256', key)),
      ImportToken,
      WrappingSpec: 'RSA_OAEP_SHA_256',
    };
    const input = { KeyMaterial: { KeyCryptogram } };
    return (await callService(endpoint, { operation: 'ImportKey', input })).Key.KeyArn;
  };
}
