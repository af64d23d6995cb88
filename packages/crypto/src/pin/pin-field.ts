import { Secret } from '../bytes/secret.ts';
import { draw, type RandomSource } from '../cipher/random.ts';
import type { FormatRules } from './format.ts';
import { ASCII_ZERO, isPin, LONGEST_PIN, outside, randomDigit, SHORTEST_PIN } from './pin.ts';
import { invalidPinBlock, PinBlockError } from './pin-block-error.ts';

/** Digits of the PIN field: control, length, and the PIN with its fill. */
const FIELD_DIGITS = 16;

/** What is behind the 16 digits in a field of format 4: 8 random bytes. */
export function randomHalf({ blockLength }: FormatRules, random: RandomSource): Uint8Array | undefined {
  return blockLength === 8 ? undefined : draw(random, 8);
}

/**
 * The PIN field in clear: ISO 9564-1:2017, 9.3.2.2 to 9.3.5.2 and 9.4.2.2.2. As long as the format's block.
 *
 * @throws PinBlockError (PIN_INVALID)
 */
export function encodePinField(rules: FormatRules, pin: Secret, random: RandomSource): Secret {
  if (!isPin(pin)) throw new PinBlockError('PIN_INVALID', 'PIN must be 4 to 12 ASCII digits');
  const field = new Uint8Array(rules.blockLength);
  const half = randomHalf(rules, random);
  if (half !== undefined) field.set(half, 8);
  pin.expose((digits) => {
    for (let i = 0; i < FIELD_DIGITS; i += 2) {
      field[i / 2] = (digitAt(rules, digits, i, random) << 4) | digitAt(rules, digits, i + 1, random);
    }
  });
  return Secret.take(field);
}

function digitAt(rules: FormatRules, pin: Uint8Array, i: number, random: RandomSource): number {
  if (i === 0) return rules.control;
  if (i === 1) return pin.length;
  const digit = pin[i - 2];
  return digit === undefined ? randomDigit(rules.fill, random) : digit - ASCII_ZERO;
}

/**
 * Reads the PIN from a PIN field in clear, after every check that the format allows.
 *
 * @throws PinBlockError (PIN_BLOCK_INVALID), whichever check failed; all of them are made before
 */
export function decodePinField(rules: FormatRules, field: Secret): Secret {
  return field.expose((bytes) => {
    const digits = new Uint8Array(FIELD_DIGITS);
    for (let i = 0; i < FIELD_DIGITS; i += 1) digits[i] = (bytes[i >> 1]! >> (i % 2 ? 0 : 4)) & 0xf;
    const length = digits[1]!;
    let wrong = (digits[0]! ^ rules.control) | outside(length, SHORTEST_PIN, LONGEST_PIN);
    const [lowest, highest] = rules.fill;
    for (let i = 2; i < FIELD_DIGITS; i += 1) {
      // All ones where the digit is part of the PIN: which are is as secret as the PIN's length.
      const inPin = (i - 2 - length) >> 31;
      wrong |= outside(digits[i]!, lowest & ~inPin, (9 & inPin) | (highest & ~inPin));
    }
    const pin = digits.slice(2, 2 + length);
    for (let i = 0; i < pin.length; i += 1) pin[i]! += ASCII_ZERO;
    digits.fill(0);
    if (wrong === 0) return Secret.take(pin);
    pin.fill(0);
    throw invalidPinBlock();
  });
}
