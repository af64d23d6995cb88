import { encodeHex } from '../bytes/hex.ts';
import { assertCardDates, type CardVerificationInput, verificationDigits } from './cvv.ts';
import { assertBytes, assertValueLength, type ValueLength, verify } from './fields.ts';

/** The key is the card's own, derived from the issuer's master key by option A or B of EMV: 16 bytes. */
export interface DynamicCardVerificationInput extends CardVerificationInput {
  /** ATC: 2 bytes. */
  readonly applicationTransactionCounter: Uint8Array;
}

/**
 * The dynamic card verification value of Visa contactless (dCVV; Visa Contactless Payment Specification): a CVV under the
 * card's own key, with the transaction counter, as 4 hexadecimal digits, over the first 4 digits of the PAN.
 *
 * @param o.length digits of the result: 3, the scheme's own, to 5
 * @throws CardError
 */
export function dynamicCardVerificationValue(
  o: DynamicCardVerificationInput & { length?: ValueLength },
): string {
  const length = o.length ?? 3;
  const counter = o.applicationTransactionCounter;
  assertCardDates(o);
  assertBytes(counter, 2, 'COUNTER_INVALID', 'application transaction counter');
  assertValueLength(length);
  const altered = encodeHex(counter) + o.pan.slice(4);
  return verificationDigits(o.key, altered + o.expiry + o.serviceCode).slice(0, length);
}

/**
 * Verifies a dCVV, in constant time.
 *
 * @param o.value 3 to 5 digits
 * @throws CardError
 */
export function verifyDynamicCardVerificationValue(
  o: DynamicCardVerificationInput & { value: string },
): boolean {
  return verify(o.value, (length) => dynamicCardVerificationValue({ ...o, length }));
}
