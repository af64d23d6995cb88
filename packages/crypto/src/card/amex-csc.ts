import { decodeHex } from '../bytes/hex.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { decimalizeInTwoScans } from '../decimalize.ts';
import { assertDigits, assertKey, assertValueLength, type ValueLength, verify } from './fields.ts';

export interface AmexCardSecurityInput {
  /** CSCK: 16 bytes. */
  readonly key: Secret;
  /** 15 digits */
  readonly pan: string;
  /** 4 digits, YYMM */
  readonly expiry: string;
}

/** Where the codes stand in the decimal digits of the cryptogram: 5CSC, 4CSC, 3CSC, one behind the other. */
const PLACES: Record<ValueLength, readonly [start: number, end: number]> = {
  5: [0, 5],
  4: [5, 9],
  3: [9, 12],
};

/**
 * The card security code of American Express, version 1 (classic): the expiry date and 12 digits of the account number,
 * without the first 2 and the check digit, encrypted; A to F count as 1 to 6. The codes of 5 (track), 4 (front) and 3 digits
 * (back of the card) are of one cryptogram, but no code is a part of another.
 *
 * @param o.length which of the codes: 3, 4 or 5 digits
 * @throws CardError
 */
export function amexCardSecurityCode(o: AmexCardSecurityInput & { length: ValueLength }): string {
  assertKey(o.key);
  assertDigits(o.pan, [15, 15], 'PAN_INVALID', 'PAN');
  assertDigits(o.expiry, [4, 4], 'EXPIRY_INVALID', 'expiry date');
  assertValueLength(o.length);
  const tdes = cipherOf('TDES', o.key);
  const block = tdes.encryptEcb(decodeHex(o.expiry + o.pan.slice(2, 14), 'card data'));
  return decimalizeInTwoScans(block, 1).slice(...PLACES[o.length]);
}

/**
 * Verifies a card security code of American Express, in constant time.
 *
 * @param o.value 3, 4 or 5 digits: the length tells which of the codes it is
 * @throws CardError
 */
export function verifyAmexCardSecurityCode(o: AmexCardSecurityInput & { value: string }): boolean {
  return verify(o.value, (length) => amexCardSecurityCode({ ...o, length }));
}
