import { constants, type KeyObject, sign, verify } from 'node:crypto';

/** Hash of a signature. */
export type SignatureHash = 'SHA256' | 'SHA384' | 'SHA512';

function assertRsa(key: KeyObject): void {
  if (key.asymmetricKeyType === 'rsa') return;
  throw new TypeError(`the key must be an RSA key, got ${key.asymmetricKeyType ?? key.type}`);
}

/**
 * Signs with RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.1).
 *
 * @returns the signature, as long as the modulus
 * @throws TypeError when the key is not an RSA key
 */
export function signPkcs1(privateKey: KeyObject, hash: SignatureHash, message: Uint8Array): Uint8Array {
  assertRsa(privateKey);
  return new Uint8Array(sign(hash, message, { key: privateKey, padding: constants.RSA_PKCS1_PADDING }));
}

/**
 * Verifies a signature of RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2.2).
 *
 * @throws TypeError when the key is not an RSA key
 */
export function verifyPkcs1(
  publicKey: KeyObject,
  hash: SignatureHash,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  assertRsa(publicKey);
  return verify(hash, message, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
}
