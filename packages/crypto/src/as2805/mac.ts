import { assertLength } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { retailMac } from '../cipher/retail-mac.ts';

/**
 * The MAC of AS 2805.4.1 with a double-length key: the retail MAC over the message, with zeros up to whole blocks. Compare results
 * with `equal`.
 *
 * @param key 16 bytes
 * @param length bytes of the result, the leftmost ones: 4, which messages carry, to 8
 * @throws RangeError when a length is out of range
 */
export function as2805Mac(key: Secret, message: Uint8Array, length = 4): Uint8Array {
  assertLength(key, [16], 'MAC key');
  return retailMac(key, message, 1, length);
}
