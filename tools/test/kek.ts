import { X509Certificate } from 'node:crypto';
import type { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { encodeHex, encryptOaep, randomBytes, Secret } from '@keywright/crypto';

/** A KEK in the service whose bytes the test knows. */
export interface Kek extends Disposable {
  readonly arn: string;
  readonly key: Secret;
}

/** Imports a random AES-128 KEK, encrypted under the service's RSA key. */
export async function createKek(client: PaymentCryptography): Promise<Kek> {
  const parameters = await client.getParametersForImport({
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_3072',
  });
  const pem = Buffer.from(parameters.WrappingKeyCertificate!, 'base64').toString('latin1');
  const key = Secret.take(randomBytes(16));
  const { Key } = await client.importKey({
    KeyMaterial: {
      KeyCryptogram: {
        KeyAttributes: {
          KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY',
          KeyClass: 'SYMMETRIC_KEY',
          KeyAlgorithm: 'AES_128',
          KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
        },
        Exportable: true,
        ImportToken: parameters.ImportToken,
        WrappedKeyCryptogram: encodeHex(encryptOaep(new X509Certificate(pem).publicKey, 'SHA256', key)),
        WrappingSpec: 'RSA_OAEP_SHA_256',
      },
    },
  });
  return { arn: Key!.KeyArn!, key, [Symbol.dispose]: () => key[Symbol.dispose]() };
}
