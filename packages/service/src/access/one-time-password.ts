import { createHmac } from 'node:crypto';
import { equal, type Secret } from '@keywright/crypto';

/** Seconds that a code is for (RFC 6238, 4.1: X). */
const STEP = 30;
const DIGITS = 6;
/** Steps before and after the present one whose codes are taken, for clocks that differ and people who type (5.2). */
const TOLERANCE = 1;
/** Bytes of a shared secret: as long as the hash (RFC 4226, 4). */
export const SHARED_SECRET_LENGTH = 20;

/** The code of a counter (RFC 4226, 5.3), six digits. */
export function oneTimePassword(secret: Secret, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = secret.expose((bytes) => createHmac('sha1', bytes).update(message).digest());
  const offset = mac.at(-1)! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** Which step a time is in. `time` is milliseconds since 1970. */
export function stepOf(time: number): number {
  return Math.floor(time / 1000 / STEP);
}

/**
 * The step that a code is of (RFC 6238), the present one or one next to it, if it is later than the last that was used;
 * undefined when there is none. All candidates are compared, each in constant time.
 */
export function matchOneTimePassword(
  secret: Secret,
  code: string,
  now: number,
  lastUsed: number,
): number | undefined {
  const given = Buffer.from(code);
  let found: number | undefined;
  for (let step = stepOf(now) - TOLERANCE; step <= stepOf(now) + TOLERANCE; step += 1) {
    const right = equal(Buffer.from(oneTimePassword(secret, step)), given);
    if (right && step > lastUsed) found = step;
  }
  return found;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, 6, without padding: how authenticator apps are given a shared secret. */
export function encodeBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)])
    .join('');
}
