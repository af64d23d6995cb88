import { decodeHex, expandKey, Secret } from '@keywright/crypto';
import { type Relaxation, relaxes } from '../policy.ts';
import type { KeyCryptogram } from '../pos-terminal.ts';
import { rulesOf } from '../profiles/index.ts';
import { chooseKbpk } from '../profiles/slot-choice.ts';
import { PURPOSES, type Purpose, type SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import type { KeyAttributes } from '../results.ts';
import { acceptKey, type Loading, type LoadRules } from './accept-key.ts';
import { findKbpk } from './open-key-block.ts';
import type { TerminalState } from './terminal-state.ts';

/** A cryptogram says nothing of its mode of use: it is the one that a terminal has for the purpose. */
const MODES: Readonly<Record<Purpose, string>> = { KEK: 'D', PIN: 'E', DATA: 'E', MAC: 'G', DUKPT: 'X' };

/** Nor of its version: it is as new as the one before. */
function attributesFor(state: TerminalState, slot: SlotName, { profile }: LoadRules): KeyAttributes {
  const acceptance = rulesOf(profile, slot).accepts.find(({ algorithms }) => algorithms.includes('T'));
  if (acceptance === undefined) throw new TerminalError('ALGORITHM', `${slot} takes no TDES key`);
  const { keyUsage } = acceptance;
  const modeOfUse = MODES[PURPOSES[keyUsage]!];
  const keyVersion = state.memories.get(slot)?.keyVersion ?? '00';
  return { keyUsage, algorithm: 'T', modeOfUse, keyVersion, exportability: 'N' };
}

function decrypt(kbpk: ReturnType<typeof findKbpk>, cryptogram: string): Secret {
  const bytes = decodeHex(cryptogram, 'cryptogram');
  if (bytes.length !== 16 && bytes.length !== 24) {
    throw new TerminalError(
      'KEY_LENGTH',
      `a key cryptogram has 16 or 24 bytes, this one has ${bytes.length}`,
    );
  }
  if (kbpk.cipher !== 'TDES') {
    throw new TerminalError(
      'KBPK_ALGORITHM',
      `the key in ${kbpk.slot} is AES; a cryptogram is made under TDES`,
    );
  }
  if (kbpk.key.length < bytes.length) throw new TerminalError('KBPK_TOO_WEAK');
  using tdes = expandKey('TDES', kbpk.key);
  return Secret.take(tdes.decryptEcb(bytes));
}

/**
 * Loads a bare cryptogram (TDES in ECB mode). Nothing says that it is authentic but the check value that comes with it, if any.
 *
 * @throws TerminalError with the reason
 * @throws RangeError when the cryptogram is not hexadecimal, or the profile has no such slot
 */
export function loadKeyCryptogram(state: TerminalState, input: KeyCryptogram, rules: LoadRules): Loading {
  const { profile, policy } = rules;
  const { slot, cryptogram } = input;
  if (!relaxes(policy, 'KEY_CRYPTOGRAM')) throw new TerminalError('KEY_CRYPTOGRAM');
  const kbpk = findKbpk(state, profile, chooseKbpk(profile, input), policy);
  using key = decrypt(kbpk, cryptogram);
  const attributes = attributesFor(state, slot, rules);
  const relaxations: Relaxation[] = ['KEY_CRYPTOGRAM'];
  return acceptKey(state, { slot, attributes, key, optionalBlocks: [], relaxations }, input, rules);
}
