import { AwsException } from '../api/exceptions.ts';
import type { Plane } from '../api/model.ts';

/** Requests a second to each plane, in each region; no limit where there is no number. */
export type Rates = Readonly<Partial<Record<Plane, number | undefined>>>;

/** Takes one request to a plane out of what a region may have. @throws AwsException ThrottlingException */
export type LimitRate = (plane: Plane, region: string, now: number) => void;

interface Bucket {
  tokens: number;
  /** Milliseconds since 1970. */
  filledAt: number;
}

/** A token bucket for each plane and region: a second's requests may come at once, and no more than that are saved up. */
export function rateLimiter(rates: Rates): LimitRate {
  const buckets = new Map<string, Bucket>();
  return (plane, region, now) => {
    const rate = rates[plane];
    if (rate === undefined) return;
    const name = `${plane} ${region}`;
    const { tokens, filledAt } = buckets.get(name) ?? { tokens: rate, filledAt: now };
    // A clock that was set back adds nothing.
    const filled = Math.min(rate, tokens + (Math.max(0, now - filledAt) * rate) / 1000);
    const taken = filled >= 1;
    buckets.set(name, { tokens: taken ? filled - 1 : filled, filledAt: now });
    if (!taken) throw new AwsException('ThrottlingException', 'Rate exceeded');
  };
}
