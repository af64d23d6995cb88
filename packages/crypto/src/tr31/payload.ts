import { Secret } from '../bytes/secret.ts';
import { draw, type RandomSource } from '../cipher/random.ts';
import { ALGORITHMS } from './algorithm.ts';

/** Two bytes before the key: its length in bits (ANSI X9.143:2021, section 6.1, figure 2). */
const LENGTH_FIELD = 2;

/** How far keys are filled up: `true` as the standard has it, `false` not at all, or to that many bytes at least. */
export type MaskKeyLength = boolean | number;

function maskedLength(algorithm: string, mask: MaskKeyLength): number {
  if (typeof mask === 'number') return mask;
  return mask ? (ALGORITHMS[algorithm]?.maskedLength ?? 0) : 0;
}

/** Bytes of the payload that holds a key of `keyLength` bytes. */
export function payloadLength(
  keyLength: number,
  algorithm: string,
  mask: MaskKeyLength,
  payloadUnit: number,
): number {
  const length = LENGTH_FIELD + Math.max(keyLength, maskedLength(algorithm, mask));
  return Math.ceil(length / payloadUnit) * payloadUnit;
}

/**
 * The clear payload: length, key, random filler. The caller wipes it.
 *
 * @throws RangeError when the random source does not give as many bytes as it was asked for
 */
export function buildPayload(key: Secret, length: number, random: RandomSource): Uint8Array {
  const payload = new Uint8Array(length);
  payload[0] = key.length >> 5;
  payload[1] = (key.length << 3) & 0xff;
  key.expose((bytes) => payload.set(bytes, LENGTH_FIELD));
  const end = LENGTH_FIELD + key.length;
  if (end < length) payload.set(draw(random, length - end), end);
  return payload;
}

/**
 * Takes the key out of an authentic payload.
 *
 * @returns `undefined` when the length does not fit the payload
 */
export function takeKey(payload: Uint8Array): Secret | undefined {
  const bits = (payload[0]! << 8) | payload[1]!;
  const length = bits / 8;
  if (bits % 8 !== 0 || length > payload.length - LENGTH_FIELD) return undefined;
  return Secret.copyOf(payload.subarray(LENGTH_FIELD, LENGTH_FIELD + length));
}
