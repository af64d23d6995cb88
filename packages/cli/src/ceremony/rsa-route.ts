import type { KeyModesOfUse } from '@aws-sdk/client-payment-cryptography';
import { encodeHex, encryptOaep } from '@keywright/crypto';
import { ask } from './ask.ts';
import { verifyChain } from './chain.ts';
import type { ImportRoute, RouteContext } from './route.ts';

/** RSA of 4096 bits is enough for every algorithm that RSA may carry at all. */
const WRAPPING_KEY = { algorithm: 'RSA_4096', modulusLength: 4096 } as const;
const MODES_OF_USE: KeyModesOfUse = { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true };

/** Under the service's own RSA key, with RSAES-OAEP. Nothing is made that would have to go again. */
export async function openRsaRoute({
  service,
  now,
}: Pick<RouteContext, 'service' | 'now'>): Promise<ImportRoute> {
  const answer = await ask('GetParametersForImport', () =>
    service.getParametersForImport({
      KeyMaterialType: 'KEY_CRYPTOGRAM',
      WrappingKeyAlgorithm: WRAPPING_KEY.algorithm,
    }),
  );
  const publicKey = verifyChain({
    leaf: answer.WrappingKeyCertificate ?? '',
    chain: answer.WrappingKeyCertificateChain ?? '',
    key: { modulusLength: WRAPPING_KEY.modulusLength },
    now: now(),
  });
  return {
    wrap: ({ key, algorithm, usage, exportable }) => ({
      KeyCryptogram: {
        KeyAttributes: {
          KeyUsage: usage,
          KeyClass: 'SYMMETRIC_KEY',
          KeyAlgorithm: algorithm,
          KeyModesOfUse: MODES_OF_USE,
        },
        Exportable: exportable,
        WrappedKeyCryptogram: encodeHex(encryptOaep(publicKey, 'SHA512', key)),
        ImportToken: answer.ImportToken ?? '',
        WrappingSpec: 'RSA_OAEP_SHA_512',
      },
    }),
    async [Symbol.asyncDispose]() {},
  };
}
