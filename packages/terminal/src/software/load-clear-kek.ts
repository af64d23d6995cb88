import type { BlockCipherName, Secret } from '@keywright/crypto';
import { checkAttributes } from '../profiles/attribute-checks.ts';
import type { SlotName } from '../profiles/slots.ts';
import type { KeyAttributes } from '../results.ts';
import { acceptKey, type Loading, type LoadRules } from './accept-key.ts';
import { checkClearLoad } from './key-checks.ts';
import type { TerminalState } from './terminal-state.ts';

/** Of a KEK that comes in components, which have no header: a terminal unwraps with it, and nothing else. */
function attributesFor(cipher: BlockCipherName): KeyAttributes {
  const algorithm = cipher === 'AES' ? 'A' : 'T';
  return { keyUsage: 'K0', algorithm, modeOfUse: 'D', keyVersion: '00', exportability: 'N' };
}

/**
 * Refuses components before the first one is taken.
 *
 * @throws TerminalError CLEAR_LOAD_CLOSED, USAGE_NOT_FOR_SLOT or ALGORITHM
 */
export function checkComponentEntry(
  state: TerminalState,
  slot: SlotName,
  cipher: BlockCipherName,
  { profile, policy }: LoadRules,
): void {
  checkClearLoad(state, slot, policy);
  checkAttributes(profile, attributesFor(cipher), slot, policy);
}

/**
 * Loads a KEK that was put together from components.
 *
 * @throws TerminalError with the reason
 */
export function loadClearKek(
  state: TerminalState,
  slot: SlotName,
  cipher: BlockCipherName,
  key: Secret,
  rules: LoadRules,
): Loading {
  const relaxations = checkClearLoad(state, slot, rules.policy);
  const { keyVersion } = state.memories.get(slot) ?? { keyVersion: '00' };
  const attributes = { ...attributesFor(cipher), keyVersion };
  return acceptKey(state, { slot, attributes, key, optionalBlocks: [], relaxations }, {}, rules);
}
