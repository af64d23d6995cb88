import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '@keywright/crypto';
import type { ImportTokenRecord } from '../../store/store.ts';
import type { Context } from '../operation.ts';
import { randomId } from '../random-id.ts';
import { issueWrappingCertificate } from './wrapping-certificate.ts';

/** Bits of the modulus of the wrapping keys that there are. */
export const WRAPPING_KEY_BITS = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 } as const;

export type WrappingKeyAlgorithm = keyof typeof WRAPPING_KEY_BITS;

const DAY = 24 * 60 * 60 * 1000;
const VALID_DAYS = 30;
const SECOND = 1000;

const makeKeyPair = promisify(generateKeyPair);

function pkcs8(privateKey: KeyObject): Secret {
  return Secret.take(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

/** Makes and stores a key pair for imports of key cryptograms. It serves until its certificate expires. */
export async function makeImportToken(
  wrappingKeyAlgorithm: WrappingKeyAlgorithm,
  { account, region, store, vault, now }: Context,
): Promise<ImportTokenRecord> {
  const bits = WRAPPING_KEY_BITS[wrappingKeyAlgorithm];
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: bits });
  const createdAt = now();
  // A certificate counts whole seconds.
  const notBefore = createdAt - (createdAt % SECOND);
  const validity = { notBefore, notAfter: notBefore + VALID_DAYS * DAY };
  const issuer = await makeKeyPair('rsa', { modulusLength: bits });
  const certificates = await issueWrappingCertificate({ account, publicKey, issuer, validity });
  const token = {
    region,
    tokenId: `import-token-${randomId()}`,
    materialType: 'KEY_CRYPTOGRAM',
    wrappingKeyAlgorithm,
    ...certificates,
    validUntil: validity.notAfter,
    createdAt,
  } as const;
  using clear = pkcs8(privateKey);
  const record = await vault.sealImportToken(token, clear);
  await store.insertImportToken(record);
  return record;
}
