import { encodeAscii } from '../bytes/ascii.ts';
import { equal } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { CardError, type CardErrorCode } from './card-error.ts';

/** How many digits of a value are taken. */
export type ValueLength = 3 | 4 | 5;

/** @throws CardError (KEY_LENGTH) unless the key is two-key TDES */
export function assertKey(key: Secret): void {
  if (key.length !== 16) throw new CardError('KEY_LENGTH', `key must be 16 bytes, got ${key.length}`);
}

/** @throws CardError of the code unless the text is as many digits as allowed; the message names the field, not its value */
export function assertDigits(
  text: string,
  [shortest, longest]: readonly [shortest: number, longest: number],
  code: CardErrorCode,
  title: string,
): void {
  if (/^[0-9]*$/.test(text) && text.length >= shortest && text.length <= longest) return;
  const right = shortest === longest ? shortest : `${shortest} to ${longest}`;
  throw new CardError(
    code,
    `${title} must be ${right} digit${longest === 1 ? '' : 's'}, got ${text.length} characters`,
  );
}

/** @throws CardError of the code unless the field has the length */
export function assertBytes(bytes: Uint8Array, length: number, code: CardErrorCode, title: string): void {
  if (bytes.length !== length) {
    throw new CardError(code, `${title} must be ${length} bytes, got ${bytes.length}`);
  }
}

/** @throws CardError (VALUE_INVALID) unless 3 to 5 digits are wanted */
export function assertValueLength(length: number): void {
  if (![3, 4, 5].includes(length)) {
    throw new CardError('VALUE_INVALID', `value must be 3 to 5 digits long, got ${length}`);
  }
}

/**
 * Calculates a value as long as the one presented, and compares the two in constant time.
 *
 * @throws CardError, VALUE_INVALID among others
 */
export function verify(presented: string, calculate: (length: ValueLength) => string): boolean {
  assertDigits(presented, [3, 5], 'VALUE_INVALID', 'value');
  return equal(encodeAscii(presented), encodeAscii(calculate(presented.length as ValueLength)));
}
