import { packDigits } from '../bytes/digits.ts';
import type { Secret } from '../bytes/secret.ts';
import { retailMac } from '../cipher/retail-mac.ts';
import { decimalizeInTwoScans } from '../decimalize.ts';
import { assertDigits, assertKey, assertValueLength, type ValueLength, verify } from './fields.ts';

/** Service codes that stand for a kind of value, not for what is on the card's track. */
export const SERVICE_CODES = {
  /** CVV2, CVC2: the value that is printed on the card. */
  CVV2: '000',
  /** iCVV, Chip CVC: the value in the chip's copy of the track. */
  ICVV: '999',
} as const;

export interface CardVerificationInput {
  /** CVK pair, A and B: 16 bytes. */
  readonly key: Secret;
  /** 12 to 19 digits */
  readonly pan: string;
  /** 4 digits, in the order that the issuer uses: YYMM on a track, often MMYY for CVV2 */
  readonly expiry: string;
  /** 3 digits: the track's, or one of `SERVICE_CODES` */
  readonly serviceCode: string;
}

/** The digits of the two blocks: encrypted with CVK A, chained, and encrypted with both. It is a retail MAC. */
export function verificationDigits(key: Secret, digits: string): string {
  return decimalizeInTwoScans(retailMac(key, packDigits(digits, 16), 1));
}

export function assertCardDates({ key, pan, expiry, serviceCode }: CardVerificationInput): void {
  assertKey(key);
  assertDigits(pan, [12, 19], 'PAN_INVALID', 'PAN');
  assertDigits(expiry, [4, 4], 'EXPIRY_INVALID', 'expiry date');
  assertDigits(serviceCode, [3, 3], 'SERVICE_CODE_INVALID', 'service code');
}

/**
 * The card verification value of Visa (CVV, CVV2, iCVV) and the card verification code of Mastercard (CVC, CVC2, Chip CVC).
 * The service code tells the kinds apart (Visa Payment Technology Standards Manual, card verification value).
 *
 * @param o.length digits of the result: 3, the schemes' own, to 5
 * @throws CardError
 */
export function cardVerificationValue(o: CardVerificationInput & { length?: ValueLength }): string {
  const length = o.length ?? 3;
  assertCardDates(o);
  assertValueLength(length);
  return verificationDigits(o.key, o.pan + o.expiry + o.serviceCode).slice(0, length);
}

/**
 * Verifies a card verification value, in constant time.
 *
 * @param o.value 3 to 5 digits
 * @throws CardError
 */
export function verifyCardVerificationValue(o: CardVerificationInput & { value: string }): boolean {
  return verify(o.value, (length) => cardVerificationValue({ ...o, length }));
}
