import { encodeAscii, equal, keyCheckValue, Secret } from '@keywright/crypto';
import { type PolicyName, type Relaxation, relaxes } from '../policy.ts';
import { CIPHERS, type SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { purposeOf, type TerminalState } from './terminal-state.ts';

/** Parity is no part of a DES key; of other keys a bit of each byte is left aside, which tells them apart all the same. */
function withoutParity(key: Secret): Secret {
  return Secret.take(key.expose((bytes) => bytes.map((byte) => byte & 0xfe)));
}

function isSame(left: Secret, right: Secret): boolean {
  using a = withoutParity(left);
  using b = withoutParity(right);
  return a.equals(b);
}

/** Two equal neighbours undo each other (NIST SP 800-67, section 3.1). */
function isSingleDes(key: Secret): boolean {
  using bare = withoutParity(key);
  return bare.expose((bytes) => {
    const [k1, k2, k3] = [bytes.subarray(0, 8), bytes.subarray(8, 16), bytes.subarray(16)];
    return equal(k1, k2) || equal(k2, k3);
  });
}

/** @throws TerminalError EQUAL_DES_KEYS */
export function checkDesKeys(algorithm: string, key: Secret, policy: PolicyName): Relaxation[] {
  if (algorithm !== 'T' || key.length < 16 || !isSingleDes(key)) return [];
  if (relaxes(policy, 'EQUAL_DES_KEYS')) return ['EQUAL_DES_KEYS'];
  throw new TerminalError('EQUAL_DES_KEYS');
}

/** @throws TerminalError KCV_MISMATCH; RangeError unless the expected value has 2 to 16 hexadecimal digits */
export function checkKcv(key: Secret, algorithm: string, expected: string | undefined): void {
  if (expected === undefined) return;
  if (!/^(?:[0-9A-F]{2}){1,8}$/i.test(expected)) {
    throw new RangeError('expectedKcv must be 2 to 16 hexadecimal digits, an even number');
  }
  const kcv = keyCheckValue(CIPHERS[algorithm]!, key, expected.length / 2);
  if (!equal(encodeAscii(kcv), encodeAscii(expected.toUpperCase()))) throw new TerminalError('KCV_MISMATCH');
}

/**
 * Refuses a key that is in the terminal already, in whatever slot. Initial keys are not compared: they are gone.
 *
 * @throws TerminalError DUPLICATE_KEY
 */
export function checkDuplicate(state: TerminalState, key: Secret): void {
  const twin = [...state.keys].find(
    ([, { dukpt, material }]) => dukpt === undefined && isSame(material, key),
  );
  if (twin !== undefined) throw new TerminalError('DUPLICATE_KEY', `the same key value is in ${twin[0]}`);
}

/**
 * Versions only go up, slot by slot; the first load of a slot is free (the register outlives the key).
 *
 * @throws TerminalError KEY_VERSION_LOWER or SLOT_OCCUPIED
 */
export function checkVersion(
  state: TerminalState,
  slot: SlotName,
  keyVersion: string,
  policy: PolicyName,
  overwrite = false,
): Relaxation[] {
  const highest = state.memories.get(slot)?.keyVersion ?? '';
  if (keyVersion < highest) {
    throw new TerminalError('KEY_VERSION_LOWER', `${slot} has had key version ${highest}, got ${keyVersion}`);
  }
  if (!state.keys.has(slot) || keyVersion > highest || overwrite) return [];
  if (relaxes(policy, 'SAME_VERSION')) return ['SAME_VERSION'];
  const message = `${slot} has a key of version ${highest}: send a higher version, or overwrite it`;
  throw new TerminalError('SLOT_OCCUPIED', message);
}

/** @throws TerminalError LOAD_LIMIT */
export function checkLoads({ loads }: TerminalState, limit: number): void {
  if (loads < limit) return;
  throw new TerminalError('LOAD_LIMIT', `the terminal takes ${limit} keys until it is zeroized`);
}

/**
 * Clear components are for a terminal without a KEK; from then on keys come under that one.
 *
 * @throws TerminalError CLEAR_LOAD_CLOSED
 */
export function checkClearLoad(state: TerminalState, slot: SlotName, policy: PolicyName): Relaxation[] {
  const keks = [...state.keys].filter(([, key]) => purposeOf(key) === 'KEK').map(([name]) => name);
  if (keks.length === 0) return [];
  if (!keks.includes(slot) && relaxes(policy, 'CLEAR_COMPONENT')) return ['CLEAR_COMPONENT'];
  throw new TerminalError(
    'CLEAR_LOAD_CLOSED',
    `there is a KEK in ${keks.join(', ')}: send keys under it from now on`,
  );
}
