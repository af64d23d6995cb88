import { createHmac, createSecretKey } from 'node:crypto';
import type { Secret } from '../bytes/secret.ts';

/** Hash functions for HMAC, by the names of FIPS 180-4 without punctuation. */
export type HashName = 'SHA1' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512';

/** HMAC (FIPS 198-1) of a message; as long as the hash: 20, 28, 32, 48 or 64 bytes. The key may have any length but 0. */
export function hmac(hash: HashName, key: Secret, message: Uint8Array): Uint8Array {
  if (key.length === 0) throw new RangeError('HMAC key must have at least 1 byte');
  const object = key.expose((bytes) => createSecretKey(bytes));
  return new Uint8Array(createHmac(hash, object).update(message).digest());
}
