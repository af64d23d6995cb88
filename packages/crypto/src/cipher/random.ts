import { randomFillSync } from 'node:crypto';

/** Where random bytes come from. Functions that need them take one, so that published examples come out byte for byte. */
export type RandomSource = (length: number) => Uint8Array;

/**
 * Bytes that were drawn ahead, since asking the operating system costs more than what is done with them. Each is handed out
 * once and wiped here. Worker threads and processes of a cluster load this module anew and have a pool of their own.
 */
const pool = new Uint8Array(4096);
let next = pool.length;

/** As many at once are not worth a pool. */
const LARGE = 256;

/** `length` bytes of the operating system's cryptographic random generator. */
export const randomBytes: RandomSource = (length) => {
  if (!Number.isInteger(length) || length < 0 || length > LARGE)
    return randomFillSync(new Uint8Array(length));
  if (next + length > pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const bytes = pool.slice(next, next + length);
  pool.fill(0, next, next + length);
  next += length;
  return bytes;
};

/** Bytes from a source. @throws RangeError when it does not give as many as it was asked for: what is missing would stand for zeros */
export function draw(random: RandomSource, length: number): Uint8Array {
  const bytes = random(length);
  if (bytes.length !== length) throw new RangeError('the random source gave too few or too many bytes');
  return bytes;
}
