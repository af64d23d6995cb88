import type { Secret } from '../bytes/secret.ts';
import { verificationDigits } from './cvv.ts';
import { assertDigits, assertKey, verify } from './fields.ts';

export interface CardholderAuthenticationInput {
  /** CAVV key pair, A and B: 16 bytes. */
  readonly key: Secret;
  /** 12 to 19 digits */
  readonly pan: string;
  /** Authentication tracking number, which is unpredictable: 4 digits. */
  readonly trackingNumber: string;
  /** What the authentication came to: 1 digit. */
  readonly resultsCode: string;
  /** How the cardholder was authenticated: 2 digits. */
  readonly secondFactorCode: string;
}

/**
 * The cardholder authentication verification value of Visa's 3-D Secure (CAVV, usage 3, version 7): a CVV with the tracking
 * number in the place of the expiry date, and the two codes in that of the service code.
 *
 * @returns 3 digits
 * @throws CardError
 */
export function cardholderAuthenticationVerificationValue(o: CardholderAuthenticationInput): string {
  assertKey(o.key);
  assertDigits(o.pan, [12, 19], 'PAN_INVALID', 'PAN');
  assertDigits(o.trackingNumber, [4, 4], 'AUTHENTICATION_INVALID', 'authentication tracking number');
  assertDigits(o.resultsCode, [1, 1], 'AUTHENTICATION_INVALID', 'authentication results code');
  assertDigits(o.secondFactorCode, [2, 2], 'AUTHENTICATION_INVALID', 'second factor code');
  const digits = o.pan + o.trackingNumber + o.resultsCode + o.secondFactorCode;
  return verificationDigits(o.key, digits).slice(0, 3);
}

/**
 * Verifies a CAVV, in constant time.
 *
 * @param o.value 3 digits
 * @throws CardError
 */
export function verifyCardholderAuthenticationVerificationValue(
  o: CardholderAuthenticationInput & { value: string },
): boolean {
  return verify(o.value, () => cardholderAuthenticationVerificationValue(o));
}
