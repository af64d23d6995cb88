import { Secret } from '../bytes/secret.ts';
import { draw, type RandomSource, randomBytes } from '../cipher/random.ts';
import { invert, multiply } from './gf256.ts';

/** Fewest and most shares of a secret; a share's index is a point of the field and not 0. */
const FEWEST = 2;
const MOST = 255;

/** A share of a secret: as long as the secret, and telling nothing of it while there are fewer than the threshold. */
export interface SecretShare {
  /** 1 to 255. */
  readonly index: number;
  readonly value: Secret;
}

function assertCounts(shares: number, threshold: number): void {
  const whole = Number.isInteger(shares) && Number.isInteger(threshold);
  if (whole && FEWEST <= threshold && threshold <= shares && shares <= MOST) return;
  throw new RangeError(
    `a secret has 2 to ${MOST} shares and a threshold of 2 up to their number, got ${shares} and ${threshold}`,
  );
}

/** The polynomials' values at `x`, one polynomial for each byte of the secret, by Horner's rule. */
function evaluate(coefficients: readonly Secret[], x: number): Secret {
  const value = new Uint8Array(coefficients[0]!.length);
  for (const coefficient of coefficients.toReversed()) {
    coefficient.expose((bytes) => {
      for (const [i, byte] of bytes.entries()) value[i] = multiply(value[i]!, x) ^ byte;
    });
  }
  return Secret.take(value);
}

/**
 * Splits a secret into shares of which any `threshold` give it back and fewer tell nothing (Shamir, "How to share a secret",
 * 1979), byte by byte over GF(2^8) with the points 1, 2, 3 and so on.
 *
 * @param options.secret stays the caller's to dispose of; the shares are his too
 * @throws RangeError when the secret is empty, or the counts are not 2 <= threshold <= shares <= 255,
 *   or the random source gives too few bytes
 */
export function splitSecret(options: {
  secret: Secret;
  shares: number;
  threshold: number;
  random?: RandomSource;
}): SecretShare[] {
  const { secret, shares, threshold, random = randomBytes } = options;
  assertCounts(shares, threshold);
  if (secret.length === 0) throw new RangeError('an empty secret has no shares');
  using drawn = new DisposableStack();
  const others = Array.from({ length: threshold - 1 }, () =>
    drawn.use(Secret.take(draw(random, secret.length))),
  );
  const coefficients = [secret, ...others];
  return Array.from({ length: shares }, (_, i) => ({ index: i + 1, value: evaluate(coefficients, i + 1) }));
}

/** What the share at `index` counts for in the value at 0, by Lagrange's formula. Indices are not secret. */
function weightOf(index: number, indices: readonly number[]): number {
  const others = indices.filter((other) => other !== index);
  return others.reduce((weight, other) => multiply(weight, multiply(other, invert(other ^ index))), 1);
}

function assertShares(shares: readonly SecretShare[]): void {
  const indices = shares.map(({ index }) => index);
  if (shares.length < FEWEST)
    throw new RangeError(`a secret needs 2 or more of its shares, got ${shares.length}`);
  if (!indices.every((index) => Number.isInteger(index) && index >= 1 && index <= MOST)) {
    throw new RangeError(`the index of a share must be 1 to ${MOST}`);
  }
  if (new Set(indices).size < indices.length) throw new RangeError('two shares have the same index');
  const [first] = shares;
  if (first!.value.length === 0 || shares.some(({ value }) => value.length !== first!.value.length)) {
    throw new RangeError('shares of one secret are equally long, and not empty');
  }
}

/**
 * Puts a secret together from its shares. Shares that are too few or do not belong together give another value, and nothing
 * tells so: whoever combines must know the secret by something else. The shares stay the caller's to dispose of.
 *
 * @throws RangeError when there are fewer than 2, two of one index, an index out of 1 to 255, or lengths that differ
 */
export function combineShares(shares: readonly SecretShare[]): Secret {
  assertShares(shares);
  const indices = shares.map(({ index }) => index);
  const secret = new Uint8Array(shares[0]!.value.length);
  for (const { index, value } of shares) {
    const weight = weightOf(index, indices);
    value.expose((bytes) => {
      for (const [i, byte] of bytes.entries()) secret[i]! ^= multiply(byte, weight);
    });
  }
  return Secret.take(secret);
}
