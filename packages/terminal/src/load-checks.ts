import {
  equal,
  KEY_BLOCK_VERSIONS,
  type KeyBlockContents,
  keyCheckValue,
  parseKeyBlock,
  Secret,
  unwrapKeyBlock,
  type Warning,
} from '@keywright/crypto';
import { KEY_BLOCK_REFUSALS, refusing } from './library-errors.ts';
import { type PolicyName, type Relaxation, relaxes } from './policy.ts';
import type { LoadOptions } from './pos-terminal.ts';
import { TerminalError } from './refusals.ts';
import { CIPHERS, checkAttributes, purposeOf, type SlotName } from './slots.ts';
import type { TerminalState } from './terminal-state.ts';

/** These the slot's own table decides: it takes less than the standard, and says what it takes. */
const DECIDED_BY_SLOT: readonly string[] = ['KEY_USAGE', 'ALGORITHM', 'MODE_OF_USE'];

/** Holds what the library found odd against the policy. */
function checkWarnings(warnings: readonly Warning[], policy: PolicyName): Relaxation[] {
  const relaxed: Relaxation[] = [];
  for (const { code, message } of warnings) {
    const refusal = KEY_BLOCK_REFUSALS[code];
    if (DECIDED_BY_SLOT.includes(code) || refusal === undefined) continue;
    if (!relaxes(policy, code)) throw new TerminalError(refusal, message);
    relaxed.push(code);
  }
  return relaxed;
}

/** Reads a block without its key and checks what it shows. */
export function readBlock(block: string, policy: PolicyName): KeyBlockContents {
  const contents = refusing(() => parseKeyBlock(block));
  checkWarnings(contents.warnings, policy);
  if (contents.header.keyVersion.startsWith('c')) throw new TerminalError('KEY_COMPONENT');
  return contents;
}

/** The key block protection key, its header checked again before it is used. */
export function findKbpk(
  state: TerminalState,
  slot: SlotName,
  version: keyof typeof KEY_BLOCK_VERSIONS,
  policy: PolicyName,
): Secret {
  const key = state.keys.get(slot);
  if (key === undefined) throw new TerminalError('KBPK_MISSING', `${slot} has no key`);
  if (purposeOf(slot) !== 'KEK') {
    const { keyUsage } = key.attributes;
    throw new TerminalError(
      'KBPK_USAGE',
      `the key in ${slot} has key usage ${keyUsage}; K0 or K1 unwraps key blocks`,
    );
  }
  checkAttributes(key.attributes, slot, policy);
  const cipher = CIPHERS[key.attributes.algorithm]!;
  const needed = KEY_BLOCK_VERSIONS[version].cipher;
  if (cipher === needed) return key.material;
  throw new TerminalError(
    'KBPK_ALGORITHM',
    `the key in ${slot} is ${cipher}; version ${version} needs ${needed}`,
  );
}

/** Opens a block; the caller disposes of the key. */
export function openBlock(
  kbpk: Secret,
  block: string,
  policy: PolicyName,
): { key: Secret; relaxations: Relaxation[] } {
  const { key, warnings } = refusing(() => unwrapKeyBlock({ kbpk, block }));
  try {
    return { key, relaxations: checkWarnings(warnings, policy) };
  } catch (error) {
    key[Symbol.dispose]();
    throw error;
  }
}

/** @throws TerminalError KCV_MISMATCH */
export function checkKcv(key: Secret, algorithm: string, expected: string | undefined): void {
  if (expected === undefined) return;
  const kcv = keyCheckValue(CIPHERS[algorithm]!, key, expected.length / 2);
  const [left, right] = [kcv, expected.toUpperCase()].map((text) => new TextEncoder().encode(text));
  if (!equal(left!, right!)) throw new TerminalError('KCV_MISMATCH');
}

/** Parity is no part of a DES key; of other keys a bit of each byte is left aside, which tells them apart all the same. */
function withoutParity(key: Secret): Secret {
  return Secret.take(key.expose((bytes) => bytes.map((byte) => byte & 0xfe)));
}

function isSame(left: Secret, right: Secret): boolean {
  using a = withoutParity(left);
  using b = withoutParity(right);
  return a.equals(b);
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
  { overwrite = false }: LoadOptions,
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
