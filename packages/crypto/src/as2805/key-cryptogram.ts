import { assertLength } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { expandKey } from '../cipher/block-cipher.ts';
import type { OwnCipher } from '../cipher/engine.ts';
import { kekVariant } from './kek-variant.ts';

/** Masks of the variants that encrypt keys, by the number of each (AS 2805.6.1). Variant 00 is the KEK itself. */
const MASKS = {
  /** Key encryption keys. */
  '00': [0x00, 0x00],
  /** Data encryption keys. */
  '22': [0x22, 0xc0],
  /** MAC keys. */
  '24': [0x24, 0xc0],
  /** PIN encryption keys. */
  '28': [0x28, 0xc0],
} as const;

export type KeyVariant = keyof typeof MASKS;

const ZERO_IV = new Uint8Array(8);

function expandVariant(kek: Secret, variant: KeyVariant): OwnCipher {
  using key = kekVariant(kek, MASKS[variant]);
  return expandKey('TDES', key);
}

/**
 * Encrypts a TDES key under a variant of a KEK (AS 2805.6.1): TDES in CBC mode, from a zero IV.
 *
 * @param o.kek 16 or 24 bytes
 * @param o.key 16 or 24 bytes
 * @returns the cryptogram, as long as the key
 * @throws RangeError when a length is another
 */
export function encryptKeyCryptogram(o: { kek: Secret; variant: KeyVariant; key: Secret }): Uint8Array {
  assertLength(o.key, [16, 24], 'key');
  using cipher = expandVariant(o.kek, o.variant);
  return o.key.expose((bytes) => cipher.encryptCbc(ZERO_IV, bytes));
}

/**
 * Decrypts a key cryptogram. Nothing in it tells whether KEK and variant are the right ones: the key's check value does.
 *
 * @param o.kek 16 or 24 bytes
 * @param o.cryptogram 16 or 24 bytes
 * @returns the key, as long as the cryptogram, which the caller disposes of; its parity is as it comes
 * @throws RangeError when a length is another
 */
export function decryptKeyCryptogram(o: {
  kek: Secret;
  variant: KeyVariant;
  cryptogram: Uint8Array;
}): Secret {
  assertLength(o.cryptogram, [16, 24], 'key cryptogram');
  using cipher = expandVariant(o.kek, o.variant);
  return Secret.take(cipher.decryptCbc(ZERO_IV, o.cryptogram));
}
