import type { Secret } from '../bytes/secret.ts';
import { assertKeyLength, DukptError } from './dukpt-error.ts';
import type { DukptSchemeName, Ksn } from './ksn.ts';
import type { DukptKeyType, DukptUsage } from './usage.ts';

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
  deriveWorkingKey(currentKey: Secret, ksn: Ksn, usage: DukptUsage, keyType: DukptKeyType): Secret;
}

/** The bits of a counter, from the highest to the lowest, of those that are one. */
export function oneBits(counter: number): number[] {
  return Array.from({ length: 32 }, (_, i) => 31 - i).filter((bit) => (counter >>> bit) & 1);
}

/**
 * Walks from the initial key to the current key of a counter: one derivation for each one-bit, the highest first.
 *
 * @throws DukptError when the counter is 0 or the key's length does not fit the scheme
 */
export function deriveCurrentKey(scheme: DukptScheme, initialKey: Secret, ksn: Ksn): Secret {
  assertKeyLength(initialKey, scheme.keyLengths, `${scheme.name} initial key`);
  if (ksn.counter === 0) {
    throw new DukptError(
      'COUNTER_ZERO',
      'the KSN has counter 0, which is the initial key; transactions count from 1',
    );
  }
  let key = initialKey.clone();
  let counter = 0;
  for (const bit of oneBits(ksn.counter)) {
    counter = (counter | (1 << bit)) >>> 0;
    using previous = key;
    key = scheme.deriveNextKey(previous, { ...ksn, counter });
  }
  return key;
}
