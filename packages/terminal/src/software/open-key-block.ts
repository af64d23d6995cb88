import {
  KEY_BLOCK_VERSIONS,
  type KeyBlockContents,
  parseKeyBlock,
  type Secret,
  unwrapKeyBlock,
  type Warning,
} from '@keywright/crypto';
import { type PolicyName, type Relaxation, relaxes } from '../policy.ts';
import { checkAttributes } from '../profiles/attribute-checks.ts';
import { CIPHERS, type SlotName, type SlotProfile } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { KEY_BLOCK_REFUSALS, refusing } from './library-errors.ts';
import { purposeOf, type TerminalState } from './terminal-state.ts';

/** These are decided by the slot's own table and the terminal's own check: they ask for more than the standard. */
const DECIDED_ELSEWHERE: readonly string[] = ['KEY_USAGE', 'ALGORITHM', 'MODE_OF_USE', 'EQUAL_DES_KEYS'];

/**
 * Holds one thing that the library found odd against the policy.
 *
 * @returns the relaxation that lets it pass; none when it is no reason to refuse
 * @throws TerminalError when the policy does not let it pass
 */
export function judgeWarning({ code, message }: Warning, policy: PolicyName): Relaxation[] {
  const refusal = KEY_BLOCK_REFUSALS[code];
  if (DECIDED_ELSEWHERE.includes(code) || refusal === undefined) return [];
  if (relaxes(policy, code)) return [code];
  throw new TerminalError(refusal, message);
}

function checkWarnings(warnings: readonly Warning[], policy: PolicyName): Relaxation[] {
  return warnings.flatMap((warning) => judgeWarning(warning, policy));
}

/**
 * Reads a block without its key and checks its form.
 *
 * @throws TerminalError BLOCK_FORMAT or BLOCK_VERSION
 */
export function readBlock(block: string, policy: PolicyName): KeyBlockContents {
  const contents = refusing(() => parseKeyBlock(block));
  checkWarnings(contents.warnings, policy);
  return contents;
}

/** @throws TerminalError KEY_COMPONENT */
export function checkComponent({ keyVersion }: KeyBlockContents['header']): void {
  if (keyVersion.startsWith('c')) throw new TerminalError('KEY_COMPONENT');
}

/**
 * The key block protection key in a slot, its header checked again before it is used.
 *
 * @throws TerminalError KBPK_MISSING or KBPK_USAGE, or what loading it would be refused with
 */
export function findKbpk(
  state: TerminalState,
  profile: SlotProfile,
  slot: SlotName,
  policy: PolicyName,
): { key: Secret; cipher: 'AES' | 'TDES'; slot: SlotName } {
  const key = state.keys.get(slot);
  if (key === undefined) throw new TerminalError('KBPK_MISSING', `${slot} has no key`);
  const { keyUsage, algorithm } = key.attributes;
  if (purposeOf(key) !== 'KEK') {
    const message = `the key in ${slot} has key usage ${keyUsage}; K0 or K1 unwraps key blocks`;
    throw new TerminalError('KBPK_USAGE', message);
  }
  checkAttributes(profile, key.attributes, slot, policy);
  return { key: key.material, cipher: CIPHERS[algorithm]!, slot };
}

function assertCipher(kbpk: ReturnType<typeof findKbpk>, version: keyof typeof KEY_BLOCK_VERSIONS): void {
  const needed = KEY_BLOCK_VERSIONS[version].cipher;
  if (kbpk.cipher === needed) return;
  const message = `the key in ${kbpk.slot} is ${kbpk.cipher}; version ${version} needs ${needed}`;
  throw new TerminalError('KBPK_ALGORITHM', message);
}

/**
 * Opens a block that was read: its MAC first, then the strength of its key against the key block protection key. The caller disposes
 * of the key.
 *
 * @throws TerminalError KBPK_ALGORITHM, VERIFICATION_FAILED or KBPK_TOO_WEAK
 */
export function openBlock(
  kbpk: ReturnType<typeof findKbpk>,
  block: string,
  { header }: KeyBlockContents,
  policy: PolicyName,
): { key: Secret; relaxations: Relaxation[] } {
  assertCipher(kbpk, header.version);
  const { key, warnings } = refusing(() => unwrapKeyBlock({ kbpk: kbpk.key, block }));
  try {
    return { key, relaxations: checkWarnings(warnings, policy) };
  } catch (error) {
    key[Symbol.dispose]();
    throw error;
  }
}
