import { assertLength } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from './block-cipher.ts';

/** Padding methods of ISO/IEC 9797-1, section 6.3: 1 adds zeros, and only when needed; 2 adds 80 and zeros, always. */
export type MacPadding = 1 | 2;

function pad(message: Uint8Array, padding: MacPadding): Uint8Array {
  if (padding === 1 && message.length > 0 && message.length % 8 === 0) return message;
  const filled = message.length + (padding === 2 ? 1 : 0);
  // Method 1 makes one block of zeros of an empty message: there is always a block.
  const padded = new Uint8Array(Math.max(8, Math.ceil(filled / 8) * 8));
  padded.set(message);
  if (padding === 2) padded[message.length] = 0x80;
  return padded;
}

function assertMac(key: Secret, padding: MacPadding, length: number): void {
  assertLength(key, [16, 24], 'MAC key');
  if (padding !== 1 && padding !== 2) throw new RangeError(`padding method must be 1 or 2, got ${padding}`);
  if (!Number.isInteger(length) || length < 4 || length > 8) {
    throw new RangeError(`MAC length must be 4 to 8 bytes, got ${length}`);
  }
}

/** The leftmost bytes. */
function cut(mac: Uint8Array, length: number): Uint8Array {
  return length === mac.length ? mac : mac.slice(0, length);
}

/**
 * CBC-MAC with TDES: ISO/IEC 9797-1, MAC algorithm 1. Compare results with `equal`.
 *
 * @param key 16 or 24 bytes
 * @param length bytes of the result, the leftmost ones: 4 to 8
 * @throws RangeError when a length or the padding method is out of range
 */
export function cbcMac(key: Secret, message: Uint8Array, padding: MacPadding, length = 8): Uint8Array {
  assertMac(key, padding, length);
  return cut(cipherOf('TDES', key).cbcMac(pad(message, padding)), length);
}

/**
 * Retail MAC: ISO/IEC 9797-1, MAC algorithm 3 (ANSI X9.19). Compare results with `equal`.
 *
 * The blocks are chained with single DES under the first key; the last one goes through the whole key, which for 16 bytes
 * is the algorithm's output transformation 3. A key of 24 bytes ends with its third key where the standard, which knows
 * two, ends with the first.
 *
 * @param key 16 or 24 bytes
 * @param length bytes of the result, the leftmost ones: 4 to 8
 * @throws RangeError when a length or the padding method is out of range
 */
export function retailMac(key: Secret, message: Uint8Array, padding: MacPadding, length = 8): Uint8Array {
  assertMac(key, padding, length);
  return cut(cipherOf('TDES', key).retailMac(pad(message, padding)), length);
}
