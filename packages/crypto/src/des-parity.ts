import { assertLength } from './bytes/bytes.ts';
import { Secret } from './bytes/secret.ts';

const KEY_LENGTHS = [8, 16, 24] as const;

/** 1 when the byte has an even number of one-bits. Folds instead of counting: the byte is key. */
function parityError(byte: number): number {
  const nibble = byte ^ (byte >> 4);
  const pair = nibble ^ (nibble >> 2);
  return ~(pair ^ (pair >> 1)) & 1;
}

/**
 * Tells whether every byte of a DES key has an odd number of one-bits (NIST SP 800-67, section 3.2).
 * The lowest bit of each byte is its parity; the cipher does not read it.
 *
 * @param key 8, 16 or 24 bytes
 * @throws RangeError when the length is another
 */
export function hasOddParity(key: Secret): boolean {
  assertLength(key, KEY_LENGTHS, 'DES key');
  return key.expose((bytes) => bytes.reduce((errors, byte) => errors | parityError(byte), 0) === 0);
}

/**
 * Sets the lowest bit of each byte of a DES key so that the byte's parity is odd. The key check value stays the same.
 *
 * @param key 8, 16 or 24 bytes; stays as it is
 * @throws RangeError when the length is another
 */
export function adjustOddParity(key: Secret): Secret {
  assertLength(key, KEY_LENGTHS, 'DES key');
  return Secret.take(key.expose((bytes) => bytes.map((byte) => byte ^ parityError(byte))));
}
