import { createPublicKey } from 'node:crypto';
import { encodeHex, encryptOaep, Secret } from '@keywright/crypto';
import type { KeyAlgorithm, KeyUsage } from '../../packages/service/src/api/control-plane.generated.ts';
import { type ModeLetter, modesOfLetter } from '../../packages/service/src/policy/modes-of-use.ts';
import { type Call, callService, type Endpoint } from '../bench/service-client.ts';

/** A key whose bytes are published. */
export interface KnownKey {
  readonly usage: KeyUsage;
  readonly algorithm: KeyAlgorithm;
  readonly mode: ModeLetter;
  readonly hex: string;
}

/** A key on one line of a table. */
export function knownKey(usage: KeyUsage, algorithm: KeyAlgorithm, mode: ModeLetter, hex: string): KnownKey {
  return { usage, algorithm, mode, hex };
}

/** Brings a key in. @returns its ARN */
export type ImportKey = (key: KnownKey) => Promise<string>;

/** Makes the calls that bring keys in, encrypted under a key of the service's as any key comes in. */
export async function importCalls(endpoint: Endpoint): Promise<(key: KnownKey) => Call> {
  const { ImportToken, WrappingKeyCertificate } = await callService(endpoint, {
    operation: 'GetParametersForImport',
    input: { KeyMaterialType: 'KEY_CRYPTOGRAM', WrappingKeyAlgorithm: 'RSA_3072' },
  });
  const publicKey = createPublicKey(Buffer.from(WrappingKeyCertificate, 'base64'));
  return ({ usage, algorithm, mode, hex }) => {
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
    return { operation: 'ImportKey', input: { KeyMaterial: { KeyCryptogram } } };
  };
}

/** Brings a table of keys into a service. @returns their ARNs by the table's names */
export async function importKeys<Name extends string>(
  importKey: ImportKey,
  keys: Readonly<Record<Name, KnownKey>>,
): Promise<Record<Name, string>> {
  const arns: [string, string][] = [];
  for (const [name, key] of Object.entries<KnownKey>(keys)) arns.push([name, await importKey(key)]);
  return Object.fromEntries(arns) as Record<Name, string>;
}
