import { Secret } from '../bytes/secret.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { adjustOddParity, hasOddParity } from '../des-parity.ts';
import { keyCheckValue } from '../kcv.ts';
import { assertComponents, assertCount, assertKey, assertNotKey, type ComponentAlgorithm } from './checks.ts';

export type { ComponentAlgorithm } from './checks.ts';

/** One custodian's component, with the check value to print beside it. */
export interface KeyComponent {
  readonly component: Secret;
  readonly kcv: string;
}

/** A key taken apart. */
export interface SplitKey {
  readonly components: readonly KeyComponent[];
  /** Check value of the whole key. */
  readonly kcv: string;
}

/** A key put together. */
export interface CombinedKey {
  readonly key: Secret;
  readonly kcv: string;
  /** Check values of the components, in their order. */
  readonly componentKcvs: readonly string[];
  /** True when the components came to a TDES key without odd parity, and it was given odd parity. */
  readonly parityAdjusted: boolean;
}

function xorAll(parts: readonly Secret[]): Secret {
  const sum = new Uint8Array(parts[0]!.length);
  for (const part of parts) {
    part.expose((bytes) => {
      for (const [i, byte] of bytes.entries()) sum[i]! ^= byte;
    });
  }
  return Secret.take(sum);
}

/** HSMs refuse TDES components without odd parity; the bits changed are not part of the key. */
function withParity(algorithm: ComponentAlgorithm, component: Secret): Secret {
  if (algorithm === 'AES') return component;
  using _given = component;
  return adjustOddParity(component);
}

/**
 * Splits a key into components whose exclusive or is the key, none of which tells anything of it (ANSI X9.24-1, full-length
 * key components). TDES components get odd parity, so that HSMs take them; combined, they give the key with odd parity.
 *
 * @param options.key TDES: 16 or 24 bytes; AES: 16, 24 or 32
 * @param options.count 2 to 9
 * @throws ComponentError when the key is zero, single DES in disguise or of another length, or the count is out of range
 */
export function splitKey(options: {
  algorithm: ComponentAlgorithm;
  key: Secret;
  count: number;
  random?: RandomSource;
}): SplitKey {
  const { algorithm, key, count, random = randomBytes } = options;
  assertCount(count);
  assertKey(algorithm, key);
  const drawn = Array.from({ length: count - 1 }, () =>
    withParity(algorithm, Secret.take(random(key.length))),
  );
  const components = [...drawn, withParity(algorithm, xorAll([key, ...drawn]))];
  assertComponents(algorithm, components);
  assertNotKey(algorithm, components, key);
  return {
    components: components.map((component) => ({ component, kcv: keyCheckValue(algorithm, component) })),
    kcv: keyCheckValue(algorithm, key),
  };
}

/**
 * Combines components into the key that is their exclusive or (ANSI X9.24-1, full-length key components).
 *
 * TDES components may have any parity. An even number of odd-parity components comes to even parity: the key is given odd
 * parity, as HSMs do, unless `keepParity` is set. Its check value is the same either way.
 *
 * @param options.components 2 to 9, all of one length: TDES 16 or 24 bytes; AES 16, 24 or 32. They stay as they are
 * @throws ComponentError when a component is zero, equal to another, the key itself or of a wrong length, or when the key is
 *   zero or single DES in disguise
 */
export function combineComponents(options: {
  algorithm: ComponentAlgorithm;
  components: readonly Secret[];
  keepParity?: boolean;
}): CombinedKey {
  const { algorithm, components, keepParity = false } = options;
  assertComponents(algorithm, components);
  using sum = xorAll(components);
  assertKey(algorithm, sum);
  assertNotKey(algorithm, components, sum);
  const parityAdjusted = algorithm === 'TDES' && !keepParity && !hasOddParity(sum);
  return {
    key: parityAdjusted ? adjustOddParity(sum) : sum.clone(),
    kcv: keyCheckValue(algorithm, sum),
    componentKcvs: components.map((component) => keyCheckValue(algorithm, component)),
    parityAdjusted,
  };
}
