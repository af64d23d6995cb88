import { assertLength } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { type BlockCipher, type BlockCipherName, KEY_LENGTHS, type OwnCipher } from './engine.ts';
import { cipherEngine } from './selection.ts';

/**
 * Expands a key for the block cipher; dispose of the result after use (`using`).
 *
 * @param key TDES: 8, 16 or 24 bytes; AES: 16, 24 or 32 bytes
 * @throws RangeError when the key's length does not fit the cipher
 */
export function expandKey(cipher: BlockCipherName, key: Secret): OwnCipher {
  assertLength(key, KEY_LENGTHS[cipher], `${cipher} key`);
  return cipherEngine().expandKey(cipher, key.clone());
}

const EXPAND = {
  TDES: (key: Secret) => cipherEngine().expandKey('TDES', key),
  AES: (key: Secret) => cipherEngine().expandKey('AES', key),
} as const;

/**
 * The key expanded for the block cipher: once, however often it is asked for. It is kept with the Secret and goes with it.
 *
 * @param key TDES: 8, 16 or 24 bytes; AES: 16, 24 or 32 bytes
 * @throws RangeError when the key's length does not fit the cipher
 */
export function cipherOf(cipher: BlockCipherName, key: Secret): BlockCipher {
  assertLength(key, KEY_LENGTHS[cipher], `${cipher} key`);
  return key.keep(EXPAND[cipher]);
}
