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

/** What became of a bucket when a token was asked for; it is to be stored, whether there was one or not. */
export interface TokenTaken {
  readonly bucket: PinBucket;
  /** Seconds until the next token; 0 when there was one. */
  readonly wait: number;
}

/**
 * Takes a token for one PIN. The bucket is to be stored before the PIN is encrypted, so that switching off does not refill it, and
 * after a refusal, so that a clock that was put back does not block the terminal until it is where it was.
 */
export function takeToken(bucket: PinBucket | undefined, rate: PinRate, now: number): TokenTaken {
  const { tokens, at } = refill(bucket ?? { tokens: rate.tokens, at: now }, rate, now);
  if (tokens > 0) return { bucket: { tokens: tokens - 1, at }, wait: 0 };
  return { bucket: { tokens, at }, wait: Math.ceil((at + rate.secondsPerToken * 1000 - now) / 1000) };
}
