import type { Secret } from '../bytes/secret.ts';
import type { DukptWalk } from '../cipher/engine.ts';
import { assertKeyLength, DukptError } from './dukpt-error.ts';
import type { DukptSchemeName, Ksn } from './ksn.ts';
import type { DukptKeyType, DukptUsage } from './usage.ts';

export interface WorkingKey {
  readonly usage: DukptUsage;
  readonly keyType: DukptKeyType;
}

/** Everything in which one DUKPT scheme differs from the other. */
export interface DukptScheme {
  readonly name: DukptSchemeName;
  /** Bits of the transaction counter, and number of key registers in a terminal. */
  readonly counterBits: 21 | 32;
  /** A terminal skips counters with more one-bits, so that a host never takes more derivations than this. */
  readonly mostOneBits: 10 | 16;
  /** Lengths of the BDK and of the keys derived on the way, in bytes. */
  readonly keyLengths: readonly number[];
  parseKsn(digits: string): Ksn;
  formatKsn(ksn: Ksn): string;
  deriveInitialKey(bdk: Secret, initialKeyId: Uint8Array): Secret;
  /** The key of `ksn.counter` from the key of the same counter without its lowest one-bit. */
  deriveNextKey(key: Secret, ksn: Ksn): Secret;
  /** The type of the scheme's own keys: of a BDK, and of what is derived from it on the way. */
  typeOf(key: Secret): DukptKeyType;
  /** @throws DukptError unless there is a working key of that usage and type, derived from a key like this one */
  assertWorkingKey(key: Secret, usage: DukptUsage, keyType: DukptKeyType): void;
  /** From the current key to a working key that `assertWorkingKey` lets pass. */
  deriveWorkingKey(currentKey: Secret, ksn: Ksn, usage: DukptUsage, keyType: DukptKeyType): Secret;
  /**
   * All steps from the BDK or the initial key in one call of the cipher engine, without `working` to the key of the counter
   * itself; `undefined` where the engine leaves the steps to us.
   */
  deriveAtOnce(key: Secret, walk: DukptWalk, working?: WorkingKey): Secret | undefined;
}

/** The bits of a counter, from the highest to the lowest, of those that are one. */
export function oneBits(counter: number): number[] {
  return Array.from({ length: 32 }, (_, i) => 31 - i).filter((bit) => (counter >>> bit) & 1);
}

/** @throws DukptError (COUNTER_ZERO) */
function assertTransaction(ksn: Ksn): void {
  if (ksn.counter !== 0) return;
  throw new DukptError(
    'COUNTER_ZERO',
    'the KSN has counter 0, which is the initial key; transactions count from 1',
  );
}

/** One derivation for each one-bit of the counter, the highest first. */
function walkStepwise(scheme: DukptScheme, initialKey: Secret, ksn: Ksn): Secret {
  let key = initialKey.clone();
  let counter = 0;
  for (const bit of oneBits(ksn.counter)) {
    counter = (counter | (1 << bit)) >>> 0;
    using previous = key;
    key = scheme.deriveNextKey(previous, { ...ksn, counter });
  }
  return key;
}

/**
 * Walks from the initial key to the current key of a counter.
 *
 * @throws DukptError when the counter is 0 or the key's length does not fit the scheme
 */
export function deriveCurrentKey(scheme: DukptScheme, initialKey: Secret, ksn: Ksn): Secret {
  assertKeyLength(initialKey, scheme.keyLengths, `${scheme.name} initial key`);
  assertTransaction(ksn);
  return scheme.deriveAtOnce(initialKey, { ...ksn, fromBdk: false }) ?? walkStepwise(scheme, initialKey, ksn);
}

/**
 * Derives a working key from the BDK (`fromBdk`) or the initial key.
 *
 * @throws DukptError when the counter is 0, the key's length does not fit the scheme, or it has no such working key
 */
export function deriveTransactionKey(
  scheme: DukptScheme,
  key: Secret,
  fromBdk: boolean,
  ksn: Ksn,
  { usage, keyType }: WorkingKey,
): Secret {
  assertKeyLength(key, scheme.keyLengths, `${scheme.name} ${fromBdk ? 'BDK' : 'initial key'}`);
  assertTransaction(ksn);
  scheme.assertWorkingKey(key, usage, keyType);
  const derived = scheme.deriveAtOnce(key, { ...ksn, fromBdk }, { usage, keyType });
  if (derived !== undefined) return derived;
  using initialKey = fromBdk ? scheme.deriveInitialKey(key, ksn.initialKeyId) : key.share();
  using currentKey = walkStepwise(scheme, initialKey, ksn);
  return scheme.deriveWorkingKey(currentKey, ksn, usage, keyType);
}
