import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Secret } from '@keywright/crypto';
import { keyIdentifier } from '../pki/public-key.ts';
import type { CheckValue } from '../policy/check-value.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { Context } from './operation.ts';

function parse(der: Secret, type: 'pkcs8' | 'spki'): KeyObject {
  return der.expose((bytes) => {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return type === 'spki'
      ? createPublicKey({ key, format: 'der', type })
      : createPrivateKey({ key, format: 'der', type });
  });
}

/** A private key in PKCS #8 (RFC 5208), DER. */
export function parsePrivateKey(der: Secret): KeyObject {
  return parse(der, 'pkcs8');
}

/** The private key of a stored pair. Whether it may be used is for the caller to check. */
export async function openPrivateKey(record: KeyRecord, { vault }: Context): Promise<KeyObject> {
  if (record.attributes.KeyClass !== 'ASYMMETRIC_KEY_PAIR') {
    throw new TypeError(`a key of class ${record.attributes.KeyClass} has no private half`);
  }
  using der = await vault.openKey(record);
  return parsePrivateKey(der);
}

/** The public key of a stored pair, or of an imported certificate. Whether it may be used is for the caller to check. */
export async function publicKeyOf(record: KeyRecord, context: Context): Promise<KeyObject> {
  if (record.attributes.KeyClass === 'ASYMMETRIC_KEY_PAIR') {
    return createPublicKey(await openPrivateKey(record, context));
  }
  if (record.attributes.KeyClass !== 'PUBLIC_KEY') {
    throw new TypeError(`a key of class ${record.attributes.KeyClass} has no public half`);
  }
  using der = await context.vault.openKey(record);
  return parse(der, 'spki');
}

/** The check value of a public key: the first 4 bytes of its identifier in certificates, which anybody can compute. */
export function checkValueOfPublicKey(publicKey: KeyObject): CheckValue {
  const checkValue = keyIdentifier(publicKey).subarray(0, 4).toString('hex').toUpperCase();
  return { checkValue, checkValueAlgorithm: 'SHA_1' };
}
