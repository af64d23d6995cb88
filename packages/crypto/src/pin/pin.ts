import { Secret } from '../bytes/secret.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { PinVerificationError } from './pin-verification-error.ts';

/** Digits of a PIN: ISO 9564-1:2017, 8.1. */
export const SHORTEST_PIN = 4;
export const LONGEST_PIN = 12;
export const ASCII_ZERO = 0x30;

/** A digit between two bounds, each as likely as the other: bytes of the uneven rest are thrown away. */
export function randomDigit([lowest, highest]: readonly [number, number], random: RandomSource): number {
  const choices = highest - lowest + 1;
  if (choices === 1) return lowest;
  const usable = 256 - (256 % choices);
  for (;;) {
    const byte = random(1)[0]!;
    if (byte < usable) return lowest + (byte % choices);
  }
}

/** 1 when the value is outside the bounds, by arithmetic: the value is part of a PIN. */
export function outside(value: number, lowest: number, highest: number): number {
  return ((value - lowest) >>> 31) | ((highest - value) >>> 31);
}

/** Whether the bytes are 4 to 12 ASCII digits. */
export function isPin(pin: Secret): boolean {
  const wrongLength = outside(pin.length, SHORTEST_PIN, LONGEST_PIN);
  const wrongDigit = pin.expose((digits) => {
    let wrong = 0;
    for (const digit of digits) wrong |= outside(digit, ASCII_ZERO, ASCII_ZERO + 9);
    return wrong;
  });
  return (wrongLength | wrongDigit) === 0;
}

/** @throws PinVerificationError (PIN_INVALID); its message does not tell the length */
export function assertPin(pin: Secret): void {
  if (!isPin(pin)) throw new PinVerificationError('PIN_INVALID', 'PIN must be 4 to 12 ASCII digits');
}

/** @throws PinVerificationError (PIN_LENGTH) */
export function assertPinLength(length: number): void {
  if (!Number.isInteger(length) || outside(length, SHORTEST_PIN, LONGEST_PIN)) {
    throw new PinVerificationError('PIN_LENGTH', `PIN length must be 4 to 12, got ${length}`);
  }
}

/**
 * A random PIN, every one as likely as any other.
 *
 * @param length digits: 4 to 12
 * @returns ASCII digits
 * @throws PinVerificationError (PIN_LENGTH)
 */
export function randomPin(length: number, random: RandomSource = randomBytes): Secret {
  assertPinLength(length);
  return Secret.take(new Uint8Array(length).map(() => ASCII_ZERO + randomDigit([0, 9], random)));
}
