import { timingSafeEqual } from 'node:crypto';

/** Joins byte strings into a new one. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Adds two byte strings of equal length modulo 2, bit by bit.
 *
 * @throws RangeError when the lengths differ
 */
export function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== right.length) {
    throw new RangeError(`cannot xor ${left.length} bytes with ${right.length} bytes`);
  }
  const sum = new Uint8Array(left.length);
  for (let i = 0; i < sum.length; i += 1) sum[i] = left[i]! ^ right[i]!;
  return sum;
}

/** Compares in constant time. The lengths are not secret; unequal lengths are unequal. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Checks a byte string's length against the ones allowed.
 *
 * @throws RangeError naming the field, the length and what is allowed
 */
export function assertLength(
  bytes: { readonly length: number },
  allowed: readonly number[],
  title: string,
): void {
  if (!allowed.includes(bytes.length)) {
    throw new RangeError(`${title} must be ${allowed.join(' or ')} bytes, got ${bytes.length}`);
  }
}
