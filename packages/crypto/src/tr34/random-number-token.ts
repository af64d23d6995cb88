import { readAttribute } from './attributes.ts';
import { readDer } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { Tr34Error } from './error.ts';
import { nonceAttribute } from './pass.ts';

/**
 * Makes a random number token (TR-34, RT_KRD), with which a device begins an exchange of two passes.
 *
 * @param nonce 8 to 16 bytes, never used before
 * @returns the token in DER
 * @throws RangeError when the length is another
 */
export function createRandomNumberToken(nonce: Uint8Array): Uint8Array {
  return nonceAttribute(nonce);
}

/**
 * Opens a random number token.
 *
 * @returns the random number
 * @throws Tr34Error `DER` or `STRUCTURE`
 */
export function openRandomNumberToken(token: Uint8Array): Uint8Array {
  const { type, value } = readAttribute(readDer(token));
  if (type === 'randomNonce' && value.tag === TAG.OCTET_STRING) return Uint8Array.from(value.content);
  throw new Tr34Error('STRUCTURE', 'a random number token must hold a random number');
}
