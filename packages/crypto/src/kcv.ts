import { equal } from './bytes/bytes.ts';
import { decodeHex, encodeHex } from './bytes/hex.ts';
import type { Secret } from './bytes/secret.ts';
import { cipherOf } from './cipher/block-cipher.ts';
import { type HashName, hmac } from './cipher/hmac.ts';

/**
 * How a key check value is computed.
 * - `TDES`: the cipher over 8 zero bytes (ANSI X9.24-1, annex A)
 * - `AES`: CMAC over 16 zero bytes (ANSI X9.24-1, annex A)
 * - `AES_LEGACY_ECB`: the cipher over 16 zero bytes, as older systems do for AES
 * - `HMAC_…`: HMAC with that hash over an empty message
 */
export type KcvMethod = 'TDES' | 'AES' | 'AES_LEGACY_ECB' | `HMAC_${HashName}`;

const METHODS: Record<KcvMethod, (key: Secret) => Uint8Array> = {
  TDES: (key) => encryptZeros('TDES', key),
  AES_LEGACY_ECB: (key) => encryptZeros('AES', key),
  AES: cmacOfZeros,
  HMAC_SHA1: (key) => hmac('SHA1', key, new Uint8Array()),
  HMAC_SHA224: (key) => hmac('SHA224', key, new Uint8Array()),
  HMAC_SHA256: (key) => hmac('SHA256', key, new Uint8Array()),
  HMAC_SHA384: (key) => hmac('SHA384', key, new Uint8Array()),
  HMAC_SHA512: (key) => hmac('SHA512', key, new Uint8Array()),
};

/** Every method, for tables and help texts. */
export const KCV_METHODS = Object.keys(METHODS) as readonly KcvMethod[];

function encryptZeros(name: 'TDES' | 'AES', key: Secret): Uint8Array {
  const cipher = cipherOf(name, key);
  return cipher.encryptEcb(new Uint8Array(cipher.blockLength));
}

function cmacOfZeros(key: Secret): Uint8Array {
  const cipher = cipherOf('AES', key);
  return cipher.cmac(new Uint8Array(16));
}

/**
 * The check value of a key: it tells two keys apart without telling the key.
 *
 * @param length bytes of the result, 1 to 8; 3 is usual. More than 3 of a TDES key narrow a search for it.
 * @returns upper-case hexadecimal, two digits a byte
 * @throws RangeError when the key's length does not fit the method, or `length` is out of range
 */
export function keyCheckValue(method: KcvMethod, key: Secret, length = 3): string {
  if (!Number.isInteger(length) || length < 1 || length > 8) {
    throw new RangeError(`KCV length must be 1 to 8 bytes, got ${length}`);
  }
  return encodeHex(METHODS[method](key).subarray(0, length));
}

/** What systems compute the check values with that they print; the first is the standard's. */
const PRINTED = { TDES: ['TDES'], AES: ['AES', 'AES_LEGACY_ECB'] } as const satisfies Record<
  string,
  readonly KcvMethod[]
>;

/**
 * Finds the method by which a check value that somebody stated is that of a key. Which digits differ takes no part in how long it takes.
 *
 * @param stated 2 to 16 hexadecimal digits, as many as were given
 * @returns undefined when it is the key's by no method
 * @throws RangeError when `stated` is something else
 */
export function matchKeyCheckValue(
  cipher: keyof typeof PRINTED,
  key: Secret,
  stated: string,
): KcvMethod | undefined {
  const expected = decodeHex(stated, 'check value');
  const matching = PRINTED[cipher].filter((method) =>
    equal(decodeHex(keyCheckValue(method, key, expected.length)), expected),
  );
  return matching[0];
}
