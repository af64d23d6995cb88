import type { DukptUsage } from '@keywright/crypto';
import type { PolicyName } from '../policy.ts';
import { checkAttributes } from '../profiles/attribute-checks.ts';
import { rulesOf } from '../profiles/index.ts';
import type { DukptUse, SlotName, SlotProfile } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { purposeOf, type StoredKey, type TerminalState } from './terminal-state.ts';

/** What a key is used for: by the purpose of static keys, their modes of use, and the usage of DUKPT keys. */
export interface Operation {
  readonly purpose: DukptUse;
  readonly modes: string;
  readonly usage: DukptUsage;
}

export const PIN: Operation = { purpose: 'PIN', modes: 'BEN', usage: 'pin' };
export const DATA: Operation = { purpose: 'DATA', modes: 'BEN', usage: 'data-request' };
export const MAC: Operation = { purpose: 'MAC', modes: 'CGN', usage: 'mac-request' };

/** @throws TerminalError SLOT_EMPTY; RangeError when there is no such slot */
export function findKey(state: TerminalState, profile: SlotProfile, slot: SlotName): StoredKey {
  rulesOf(profile, slot);
  const key = state.keys.get(slot);
  if (key === undefined) throw new TerminalError('SLOT_EMPTY', `${slot} has no key`);
  return key;
}

function assertPurpose(operation: Operation, key: StoredKey, slot: SlotName, profile: SlotProfile): void {
  const { purpose, modes } = operation;
  const found = purposeOf(key);
  if (found === 'DUKPT' && (rulesOf(profile, slot).uses?.includes(purpose) ?? true)) return;
  if (found !== purpose) throw new TerminalError('WRONG_KEY', `the key in ${slot} is no ${purpose} key`);
  const { modeOfUse } = key.attributes;
  if (modes.includes(modeOfUse)) return;
  const message = `the key in ${slot} has mode of use ${modeOfUse}, which is not for this`;
  throw new TerminalError('WRONG_KEY', message);
}

/**
 * The key for an operation, its header checked again: the policy may be stricter than when it was loaded.
 *
 * @throws TerminalError SLOT_EMPTY, WRONG_KEY, or what loading it would be refused with
 */
export function findKeyFor(
  operation: Operation,
  state: TerminalState,
  slot: SlotName,
  { profile, policy }: { readonly profile: SlotProfile; readonly policy: PolicyName },
): StoredKey {
  const key = findKey(state, profile, slot);
  assertPurpose(operation, key, slot, profile);
  checkAttributes(profile, key.attributes, slot, policy);
  return key;
}
