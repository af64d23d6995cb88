import { type PolicyName, type Relaxation, relaxes } from '../policy.ts';
import { TerminalError } from '../refusals.ts';
import type { KeyAttributes } from '../results.ts';
import { rulesOf } from './index.ts';
import { assertUsage } from './slot-choice.ts';
import type { Acceptance, SlotName, SlotProfile } from './slots.ts';

function oneOf(letters: string): string {
  return [...letters].join(' or ');
}

function checkAlgorithm({ keyUsage, algorithm }: KeyAttributes, { algorithms }: Acceptance): void {
  if (algorithms.includes(algorithm)) return;
  const message = `key usage ${keyUsage} takes algorithm ${oneOf(algorithms)}, not ${algorithm}`;
  throw new TerminalError('ALGORITHM', message);
}

function checkMode(
  { keyUsage, modeOfUse }: KeyAttributes,
  { modes }: Acceptance,
  policy: PolicyName,
): Relaxation[] {
  if (modes.includes(modeOfUse)) return [];
  if (modeOfUse === 'N' && relaxes(policy, 'MODE_OF_USE')) return ['MODE_OF_USE'];
  const message = `key usage ${keyUsage} takes mode of use ${oneOf(modes)}, not ${modeOfUse}`;
  throw new TerminalError('MODE_OF_USE', message);
}

/** What a slot takes of a usage, or that it takes an initial key which its sender gave the usage of a KEK. */
function acceptanceOf(
  profile: SlotProfile,
  { keyUsage }: KeyAttributes,
  slot: SlotName,
  policy: PolicyName,
): { acceptance: Acceptance; relaxed: boolean } {
  const { accepts } = rulesOf(profile, slot);
  const acceptance = accepts.find((candidate) => candidate.keyUsage === keyUsage);
  if (acceptance !== undefined) return { acceptance, relaxed: false };
  const initialKey = accepts.find((candidate) => candidate.keyUsage === 'B1');
  if (keyUsage === 'K0' && initialKey !== undefined && relaxes(policy, 'INITIAL_KEY_AS_K0')) {
    return { acceptance: initialKey, relaxed: true };
  }
  assertUsage(profile, keyUsage);
  const [right] = profile.targets[keyUsage]!;
  const message = `key usage ${keyUsage} goes to slots such as ${right}, not to ${slot}`;
  throw new TerminalError('USAGE_NOT_FOR_SLOT', message);
}

/**
 * Checks usage, algorithm and mode of use against the slot: when a key is loaded, and again when it is used.
 *
 * @returns the relaxations of the policy that it took
 * @throws TerminalError BDK, USAGE, USAGE_NOT_FOR_SLOT, ALGORITHM or MODE_OF_USE
 * @throws RangeError when the profile has no such slot
 */
export function checkAttributes(
  profile: SlotProfile,
  key: KeyAttributes,
  slot: SlotName,
  policy: PolicyName,
): Relaxation[] {
  const { acceptance, relaxed } = acceptanceOf(profile, key, slot, policy);
  checkAlgorithm(key, acceptance);
  return relaxed ? ['INITIAL_KEY_AS_K0'] : checkMode(key, acceptance, policy);
}

/**
 * Checks the length of a key against the slot.
 *
 * @throws TerminalError KEY_LENGTH
 */
export function checkLength(profile: SlotProfile, keyUsage: string, slot: SlotName, length: number): void {
  const lengths = rulesOf(profile, slot).accepts.find(
    (candidate) => candidate.keyUsage === keyUsage,
  )?.lengths;
  if (lengths === undefined || lengths.includes(length)) return;
  const message = `${slot} takes ${keyUsage} keys of ${lengths.join(' or ')} bytes, this one has ${length}`;
  throw new TerminalError('KEY_LENGTH', message);
}
