import { decodeAscii, encodeAscii } from '../bytes/ascii.ts';
import { decodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { ASCII_ZERO, assertPin, assertPinLength } from './pin.ts';
import { PinVerificationError, type PinVerificationErrorCode } from './pin-verification-error.ts';
import { expandVerificationKey } from './verification-key.ts';

/** What a natural PIN is made of. */
export interface NaturalPinInput {
  /** PVK: 16 or 24 bytes. */
  readonly key: Secret;
  /** What each hexadecimal digit, 0 to F, becomes: 16 decimal digits. */
  readonly decimalizationTable: string;
  /** What the PIN belongs to, usually a part of the PAN: 4 to 16 digits. */
  readonly validationData: string;
  /** The hexadecimal digit that fills the validation data up to 16, on the right. */
  readonly padCharacter: string;
}

function refuse(code: PinVerificationErrorCode, title: string, right: string, text: string): never {
  throw new PinVerificationError(code, `${title} must be ${right}, got ${text.length} characters`);
}

function validationBlock({ decimalizationTable, validationData, padCharacter }: NaturalPinInput): Uint8Array {
  if (!/^[0-9]{16}$/.test(decimalizationTable)) {
    refuse('DECIMALIZATION_TABLE_INVALID', 'decimalization table', '16 digits', decimalizationTable);
  }
  if (!/^[0-9]{4,16}$/.test(validationData)) {
    refuse('VALIDATION_DATA_INVALID', 'validation data', '4 to 16 digits', validationData);
  }
  if (!/^[0-9A-Fa-f]$/.test(padCharacter)) {
    refuse('PAD_CHARACTER_INVALID', 'pad character', 'one hexadecimal digit', padCharacter);
  }
  return decodeHex(validationData.padEnd(16, padCharacter), 'validation data');
}

function assertOffset(offset: string): void {
  if (!/^[0-9]{4,12}$/.test(offset)) refuse('OFFSET_INVALID', 'PIN offset', '4 to 12 digits', offset);
}

/**
 * The natural PIN of the IBM 3624 method: the validation data, encrypted and decimalized (IBM CCA, 3624 PIN generation).
 *
 * @param o.length digits of the PIN: 4 to 12
 * @returns ASCII digits
 * @throws PinVerificationError
 */
export function naturalPin(o: NaturalPinInput & { length: number }): Secret {
  assertPinLength(o.length);
  const block = validationBlock(o);
  const tdes = expandVerificationKey(o.key);
  using encrypted = Secret.take(tdes.encryptEcb(block));
  return encrypted.expose((bytes) => {
    const digit = (i: number) => (bytes[i >> 1]! >> (i % 2 ? 0 : 4)) & 0xf;
    return Secret.take(new Uint8Array(o.length).map((_, i) => o.decimalizationTable.charCodeAt(digit(i))));
  });
}

/** Adds or takes away, digit by digit modulo 10. */
function shift(pin: Uint8Array, by: Uint8Array, sign: 1 | -1): Uint8Array {
  return pin.map((digit, i) => ASCII_ZERO + ((digit - ASCII_ZERO + sign * (by[i]! - ASCII_ZERO) + 10) % 10));
}

/**
 * The offset of a PIN that a cardholder chose: what is added to the natural PIN to make it, digit by digit modulo 10.
 *
 * @param o.pin 4 to 12 ASCII digits
 * @returns as many digits as the PIN has
 * @throws PinVerificationError
 */
export function pinOffset(o: NaturalPinInput & { pin: Secret }): string {
  assertPin(o.pin);
  using natural = naturalPin({ ...o, length: o.pin.length });
  return decodeAscii(o.pin.expose((pin) => natural.expose((from) => shift(pin, from, -1))));
}

/**
 * The PIN that an offset makes of the natural PIN.
 *
 * @param o.offset 4 to 12 digits, as many as the PIN has
 * @returns ASCII digits
 * @throws PinVerificationError
 */
export function pinFromOffset(o: NaturalPinInput & { offset: string }): Secret {
  assertOffset(o.offset);
  using natural = naturalPin({ ...o, length: o.offset.length });
  return Secret.take(natural.expose((pin) => shift(pin, encodeAscii(o.offset), 1)));
}

/**
 * Verifies a PIN by its offset, in constant time.
 *
 * @param o.pin 4 to 12 ASCII digits
 * @param o.offset as many digits as the PIN has; with another number of them no PIN is right
 * @throws PinVerificationError
 */
export function verifyPinOffset(o: NaturalPinInput & { pin: Secret; offset: string }): boolean {
  assertPin(o.pin);
  using expected = pinFromOffset(o);
  return expected.equals(o.pin);
}
