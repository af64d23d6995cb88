import type { Secret } from '../bytes/secret.ts';
import type { BlockCipher, BlockCipherName } from './engine.ts';
import { openssl } from './openssl.ts';

/**
 * Expands a key for the block cipher; dispose of the result after use (`using`).
 *
 * @param key TDES: 8, 16 or 24 bytes; AES: 16, 24 or 32 bytes
 * @throws RangeError when the key's length does not fit the cipher
 */
export function expandKey(cipher: BlockCipherName, key: Secret): BlockCipher {
  return openssl.expandKey(cipher, key);
}
