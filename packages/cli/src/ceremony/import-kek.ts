import type { KeyObject } from 'node:crypto';
import type { KeyModesOfUse } from '@aws-sdk/client-payment-cryptography';
import { decodeHex, encodeHex, encryptOaep, equal, type Secret } from '@keywright/crypto';
import { Failure } from '../failure.ts';
import { verifyChain } from './chain.ts';
import type { KekAlgorithm } from './kek-algorithm.ts';
import type { KeyService } from './service-client.ts';

export type KekUsage = 'TR31_K0_KEY_ENCRYPTION_KEY' | 'TR31_K1_KEY_BLOCK_PROTECTION_KEY';

/** Where a key may be sent: under which public key, with which token. */
export interface ImportParameters {
  readonly token: string;
  readonly publicKey: KeyObject;
}

/** RSA of 4096 bits is enough for every algorithm that RSA may carry at all. */
const WRAPPING_KEY = { algorithm: 'RSA_4096', modulusLength: 4096 } as const;
const MODES_OF_USE: KeyModesOfUse = { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true };

/** Days until a key that should not be there is gone: the least that the API takes. */
const DELETION_DAYS = 3;

/** Calls the service; what it refuses, or that it can't be reached, comes out as a Failure. */
export async function ask<Output>(operation: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    throw new Failure(`${operation} failed: ${[name, code, message].filter(Boolean).join(': ')}`, {
      cause: error,
    });
  }
}

/** Asks the service, before any component is typed, for a public key to send the key under, and verifies it. */
export async function prepareImport(service: KeyService, now: number): Promise<ImportParameters> {
  const answer = await ask('GetParametersForImport', () =>
    service.getParametersForImport({
      KeyMaterialType: 'KEY_CRYPTOGRAM',
      WrappingKeyAlgorithm: WRAPPING_KEY.algorithm,
    }),
  );
  const publicKey = verifyChain({
    leaf: answer.WrappingKeyCertificate ?? '',
    chain: answer.WrappingKeyCertificateChain ?? '',
    modulusLength: WRAPPING_KEY.modulusLength,
    now,
  });
  return { token: answer.ImportToken ?? '', publicKey };
}

export interface Kek {
  readonly key: Secret;
  readonly kcv: string;
  readonly algorithm: KekAlgorithm;
  readonly usage: KekUsage;
  readonly exportable: boolean;
}

function sameKcv(left: string | undefined, right: string): boolean {
  return left !== undefined && equal(decodeHex(left, 'KCV'), decodeHex(right, 'KCV'));
}

/**
 * Imports a key into the service, encrypted under the service's public key with RSA-OAEP.
 *
 * @returns its ARN
 * @throws Failure when the service refuses, or shows another KCV; that key is then scheduled for deletion
 */
export async function importKek(
  service: KeyService,
  parameters: ImportParameters,
  kek: Kek,
): Promise<string> {
  const { Key: imported } = await ask('ImportKey', () =>
    service.importKey({
      KeyMaterial: {
        KeyCryptogram: {
          KeyAttributes: {
            KeyUsage: kek.usage,
            KeyClass: 'SYMMETRIC_KEY',
            KeyAlgorithm: kek.algorithm,
            KeyModesOfUse: MODES_OF_USE,
          },
          Exportable: kek.exportable,
          WrappedKeyCryptogram: encodeHex(encryptOaep(parameters.publicKey, 'SHA512', kek.key)),
          ImportToken: parameters.token,
          WrappingSpec: 'RSA_OAEP_SHA_512',
        },
      },
    }),
  );
  const arn = imported?.KeyArn ?? '';
  if (sameKcv(imported?.KeyCheckValue, kek.kcv)) return arn;
  await ask('DeleteKey', () => service.deleteKey({ KeyIdentifier: arn, DeleteKeyInDays: DELETION_DAYS }));
  throw new Failure(
    `the service shows KCV ${imported?.KeyCheckValue}, not ${kek.kcv}: ${arn} is scheduled for deletion`,
  );
}
