import { equal } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { assertKeyLength, DukptError } from './dukpt-error.ts';
import { type DukptScheme, deriveCurrentKey, oneBits } from './scheme.ts';

/** What a terminal keeps between two transactions. */
export interface RegisterState {
  readonly initialKeyId: Uint8Array;
  /** The next transaction's; 0 when every counter was used. */
  counter: number;
  readonly keyLength: number;
  /** One key for each bit of the counter, the lowest bit's first. An erased one is zero. */
  readonly registers: Secret;
}

// Version, scheme, key length, initial key ID (8 bytes), counter (4 bytes), then the registers.
const VERSION = 1;
const SCHEME_LETTERS = { TDES: 0x54, AES: 0x41 } as const;
const HEAD_LENGTH = 15;

export function encodeState(scheme: DukptScheme, state: RegisterState): Secret {
  const bytes = new Uint8Array(HEAD_LENGTH + state.registers.length);
  bytes.set([VERSION, SCHEME_LETTERS[scheme.name], state.keyLength]);
  bytes.set(state.initialKeyId, 3);
  new DataView(bytes.buffer).setUint32(11, state.counter);
  state.registers.expose((registers) => bytes.set(registers, HEAD_LENGTH));
  return Secret.take(bytes);
}

/** @throws DukptError (STATE_INVALID) unless `encodeState` wrote it for the same scheme */
export function decodeState(scheme: DukptScheme, encoded: Secret): RegisterState {
  return encoded.expose((bytes) => {
    const [version, letter, keyLength] = bytes;
    const length = HEAD_LENGTH + scheme.counterBits * (keyLength ?? 0);
    const known = version === VERSION && letter === SCHEME_LETTERS[scheme.name];
    if (!known || !scheme.keyLengths.includes(keyLength!) || bytes.length !== length) {
      const message = `not a state of ${scheme.name} DUKPT registers: ${bytes.length} bytes`;
      throw new DukptError('STATE_INVALID', message);
    }
    const counter = new DataView(bytes.buffer, bytes.byteOffset).getUint32(11);
    if (counter >= 2 ** scheme.counterBits) {
      throw new DukptError('STATE_INVALID', `counter must have ${scheme.counterBits} bits at most`);
    }
    return {
      initialKeyId: bytes.slice(3, 11),
      counter,
      keyLength: keyLength!,
      registers: Secret.copyOf(bytes.subarray(HEAD_LENGTH)),
    };
  });
}

/** The counter that a terminal uses after this one; 0 when none is left. It skips those with too many one-bits. */
function counterAfter(scheme: DukptScheme, counter: number): number {
  let next = counter + 1;
  for (let ones = oneBits(next); ones.length > scheme.mostOneBits; ones = oneBits(next))
    next += 2 ** ones.at(-1)!;
  return next % 2 ** scheme.counterBits;
}

/**
 * Fills the registers as they are before `state.counter`: for each zero above its lowest one the key that this bit will lead to, and
 * for the lowest one the next transaction's own.
 */
function fillFor(scheme: DukptScheme, state: RegisterState, initialKey: Secret): void {
  const { initialKeyId, counter } = state;
  const ones = oneBits(counter);
  const lowest = ones.at(-1)!;
  let above = 0;
  for (let bit = scheme.counterBits - 1; bit >= lowest; bit--) {
    const reached = above + 2 ** bit;
    if (bit > lowest && ones.includes(bit)) {
      above = reached;
      continue;
    }
    using key = deriveCurrentKey(scheme, initialKey, { initialKeyId, counter: reached });
    key.expose((bytes) => register(state, bit, (slot) => slot.set(bytes)));
  }
}

/**
 * Registers from an initial key, as if every transaction up to that of `used` had been made: up to 0 unless given. The counter of
 * `ksn` is left aside.
 */
export function loadState(scheme: DukptScheme, initialKey: Secret, ksn: string, used = 0): RegisterState {
  assertKeyLength(initialKey, scheme.keyLengths, `${scheme.name} initial key`);
  const { initialKeyId } = scheme.parseKsn(ksn);
  const registers = Secret.take(new Uint8Array(scheme.counterBits * initialKey.length));
  const counter = counterAfter(scheme, used);
  const state = { initialKeyId, counter, keyLength: initialKey.length, registers };
  if (counter !== 0) fillFor(scheme, state, initialKey);
  return state;
}

/** Fills the registers below a bit with the keys derived from the key of `counter`, whose lowest one-bit is that bit. */
export function fillBelow(
  scheme: DukptScheme,
  state: RegisterState,
  bit: number,
  key: Secret,
  counter: number,
): void {
  for (let lower = 0; lower < bit; lower++) {
    const ksn = { initialKeyId: state.initialKeyId, counter: counter + 2 ** lower };
    using derived = scheme.deriveNextKey(key, ksn);
    derived.expose((bytes) => register(state, lower, (slot) => slot.set(bytes)));
  }
}

/** Lends the bytes of one register. */
export function register<T>(state: RegisterState, bit: number, use: (slot: Uint8Array) => T): T {
  const start = bit * state.keyLength;
  return state.registers.expose((bytes) => use(bytes.subarray(start, start + state.keyLength)));
}

/** @throws DukptError (STATE_INVALID) when the register was erased, which the order of the counters rules out */
export function readRegister(state: RegisterState, bit: number): Secret {
  return register(state, bit, (slot) => {
    if (equal(slot, new Uint8Array(slot.length))) {
      throw new DukptError('STATE_INVALID', `key register ${bit + 1} is empty`);
    }
    return Secret.copyOf(slot);
  });
}
