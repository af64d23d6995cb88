import type { BlockCipherName, KeyBlockHeader } from '@keywright/crypto';
import { type PolicyName, type Relaxation, relaxes } from './policy.ts';
import { TerminalError } from './refusals.ts';

/** What a slot is for: keys that wrap keys, PIN, data and MAC keys, and DUKPT key sets. */
const PURPOSES = ['KEK', 'PIN', 'DATA', 'MAC', 'DUKPT'] as const;

export type Purpose = (typeof PURPOSES)[number];

/** Ten slots of each purpose. */
export type SlotIndex = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A slot by its purpose and index: `KEK-0`, `DUKPT-3`. */
export type SlotName = `${Purpose}-${SlotIndex}`;

/** What of a header stays with the key and is checked again whenever the key is used. */
export type KeyAttributes = Pick<
  KeyBlockHeader,
  'keyUsage' | 'algorithm' | 'modeOfUse' | 'keyVersion' | 'exportability'
>;

interface UsageRules {
  readonly purpose: Purpose;
  readonly algorithms: string;
  readonly modes: string;
}

const DUKPT = { purpose: 'DUKPT', algorithms: 'AT', modes: 'X' } as const;
/** A terminal unwraps, and never wraps. */
const KEK = { purpose: 'KEK', algorithms: 'AT', modes: 'BD' } as const;
/** A terminal encrypts PINs and data. */
const PIN = { purpose: 'PIN', algorithms: 'AT', modes: 'BE' } as const;
const DATA = { purpose: 'DATA', algorithms: 'AT', modes: 'BE' } as const;
const MAC = { purpose: 'MAC', modes: 'CG' } as const;

/** The key usages that a terminal takes (ANSI X9.143:2021, 6.3.1, table 2), and where they go. */
const USAGES: Readonly<Record<string, UsageRules>> = {
  B1: DUKPT,
  D0: DATA,
  K0: KEK,
  K1: KEK,
  M1: { ...MAC, algorithms: 'T' },
  M3: { ...MAC, algorithms: 'T' },
  M6: { ...MAC, algorithms: 'AT' },
  P0: PIN,
};

/** Ciphers of the header's algorithms. */
export const CIPHERS: Readonly<Record<string, BlockCipherName>> = { A: 'AES', T: 'TDES' };

/** @throws RangeError unless it is the name of a slot */
export function assertSlot(slot: string): asserts slot is SlotName {
  const [purpose, index] = slot.split('-');
  if (!PURPOSES.includes(purpose as Purpose) || !/^[0-9]$/.test(index ?? '') || slot.split('-').length > 2) {
    throw new RangeError(`slot must be one of ${PURPOSES.join(', ')}, a hyphen and 0 to 9`);
  }
}

/** @throws RangeError unless the index is 0 to 9 */
export function slotName(purpose: Purpose, index: number): SlotName {
  const slot = `${purpose}-${index}`;
  assertSlot(slot);
  return slot;
}

export function purposeOf(slot: SlotName): Purpose {
  return slot.split('-')[0] as Purpose;
}

export function indexOf(slot: SlotName): SlotIndex {
  return Number(slot.split('-')[1]) as SlotIndex;
}

/**
 * The slot that a key of this usage goes to unless another is named.
 *
 * @throws TerminalError BDK or USAGE
 */
export function slotForUsage(keyUsage: string, index: number): SlotName {
  const rules = USAGES[keyUsage];
  if (keyUsage === 'B0') throw new TerminalError('BDK');
  if (rules === undefined) {
    throw new TerminalError(
      'USAGE',
      `no slot takes key usage ${keyUsage}, only ${Object.keys(USAGES).join(', ')}`,
    );
  }
  return slotName(rules.purpose, index);
}

function checkAlgorithm({ keyUsage, algorithm }: KeyAttributes, { algorithms }: UsageRules): void {
  if (algorithms.includes(algorithm)) return;
  const message = `key usage ${keyUsage} takes algorithm ${[...algorithms].join(' or ')}, not ${algorithm}`;
  throw new TerminalError('ALGORITHM', message);
}

function checkMode({ keyUsage, modeOfUse }: KeyAttributes, { modes }: UsageRules, policy: PolicyName) {
  if (modes.includes(modeOfUse)) return [];
  if (modeOfUse === 'N' && relaxes(policy, 'MODE_OF_USE')) return ['MODE_OF_USE' as const];
  const message = `key usage ${keyUsage} takes mode of use ${[...modes].join(' or ')}, not ${modeOfUse}`;
  throw new TerminalError('MODE_OF_USE', message);
}

/**
 * Checks usage, algorithm and mode of use against the slot: when a key is loaded, and again when it is used.
 *
 * @returns the relaxations of the policy that it took
 * @throws TerminalError BDK, USAGE, USAGE_NOT_FOR_SLOT, ALGORITHM or MODE_OF_USE
 */
export function checkAttributes(key: KeyAttributes, slot: SlotName, policy: PolicyName): Relaxation[] {
  const { keyUsage } = key;
  // Some senders give the initial key the usage of a KEK; the slot then says what it is.
  const asInitialKey = keyUsage === 'K0' && purposeOf(slot) === 'DUKPT';
  if (asInitialKey && relaxes(policy, 'INITIAL_KEY_AS_K0')) {
    checkAlgorithm(key, DUKPT);
    return ['INITIAL_KEY_AS_K0'];
  }
  const right = slotForUsage(keyUsage, indexOf(slot));
  if (right !== slot) {
    throw new TerminalError('USAGE_NOT_FOR_SLOT', `key usage ${keyUsage} goes to ${right}, not to ${slot}`);
  }
  const rules = USAGES[keyUsage]!;
  checkAlgorithm(key, rules);
  return checkMode(key, rules, policy);
}
