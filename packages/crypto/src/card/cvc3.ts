import { concat } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import { retailMac } from '../cipher/retail-mac.ts';
import { CardError } from './card-error.ts';
import { assertBytes, assertKey, assertValueLength, type ValueLength, verify } from './fields.ts';

export interface DynamicCardVerificationCodeInput {
  /** The card's own key (KDCVC3), derived from the issuer's master key by option A or B of EMV: 16 bytes. */
  readonly key: Secret;
  /** The static part of the track, 1 in ASCII or 2 in BCD, with zeros where the dynamic data go. */
  readonly trackData: Uint8Array;
  /** UN: 4 bytes. */
  readonly unpredictableNumber: Uint8Array;
  /** ATC: 2 bytes. */
  readonly applicationTransactionCounter: Uint8Array;
}

/**
 * The dynamic card verification code 3 of Mastercard contactless (CVC3; EMV Contactless Book C-2, annex on mag-stripe mode).
 *
 * A MAC of the track makes the IVCVC3 of 2 bytes; this, the unpredictable number and the counter are encrypted, and the last
 * 2 bytes of that are the code, as a decimal number of 5 digits.
 *
 * @param o.length digits of the result, the rightmost ones: 3 to 5, the whole
 * @throws CardError
 */
export function dynamicCardVerificationCode3(
  o: DynamicCardVerificationCodeInput & { length?: ValueLength },
): string {
  const length = o.length ?? 5;
  assertKey(o.key);
  if (o.trackData.length === 0) throw new CardError('TRACK_DATA_INVALID', 'track data must not be empty');
  assertBytes(o.unpredictableNumber, 4, 'UNPREDICTABLE_NUMBER_INVALID', 'unpredictable number');
  assertBytes(o.applicationTransactionCounter, 2, 'COUNTER_INVALID', 'application transaction counter');
  assertValueLength(length);
  const ivcvc3 = retailMac(o.key, o.trackData, 2).subarray(-2);
  const tdes = cipherOf('TDES', o.key);
  const block = tdes.encryptEcb(concat(ivcvc3, o.unpredictableNumber, o.applicationTransactionCounter));
  const code = (block[6]! << 8) | block[7]!;
  return String(code).padStart(5, '0').slice(-length);
}

/**
 * Verifies a CVC3, in constant time.
 *
 * @param o.value 3 to 5 digits, the rightmost ones
 * @throws CardError
 */
export function verifyDynamicCardVerificationCode3(
  o: DynamicCardVerificationCodeInput & { value: string },
): boolean {
  return verify(o.value, (length) => dynamicCardVerificationCode3({ ...o, length }));
}
