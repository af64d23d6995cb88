import { TerminalError } from '../refusals.ts';

/** How many PINs a terminal encrypts in a row, and how soon it may again. */
export interface PinRate {
  readonly tokens: number;
  readonly secondsPerToken: number;
}

/** What is left of a bucket, and when that was so: milliseconds since 1970. */
export interface PinBucket {
  readonly tokens: number;
  readonly at: number;
}

/** Against exhaustive search of PINs: 127 in a row, then one each half minute, as terminals of the VeriFone MX800 family do. */
export const PIN_RATE: PinRate = { tokens: 127, secondsPerToken: 30 };

/** What has trickled in since. A clock that was put back gives nothing, and counts from then on. */
function refill({ tokens, at }: PinBucket, rate: PinRate, now: number): PinBucket {
  if (now < at) return { tokens, at: now };
  const interval = rate.secondsPerToken * 1000;
  const gained = Math.floor((now - at) / interval);
  if (tokens + gained >= rate.tokens) return { tokens: rate.tokens, at: now };
  return { tokens: tokens + gained, at: at + gained * interval };
}

/**
 * Takes a token for one PIN. The result is to be stored before the PIN is encrypted, so that switching off does not refill it.
 *
 * @throws TerminalError PIN_RATE
 */
export function takeToken(bucket: PinBucket | undefined, rate: PinRate, now: number): PinBucket {
  const { tokens, at } = refill(bucket ?? { tokens: rate.tokens, at: now }, rate, now);
  if (tokens > 0) return { tokens: tokens - 1, at };
  const wait = Math.ceil((at + rate.secondsPerToken * 1000 - now) / 1000);
  throw new TerminalError('PIN_RATE', `too many PINs in a row: the next one in ${wait} seconds`);
}
