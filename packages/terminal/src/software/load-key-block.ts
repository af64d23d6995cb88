import type { KeyBlockHeader } from '@keywright/crypto';
import { type OpenedEnvelope, openEnvelope } from '../envelope/open-envelope.ts';
import type { LoadOptions } from '../pos-terminal.ts';
import { chooseKbpk, chooseSlot } from '../profiles/slot-choice.ts';
import type { KeyAttributes } from '../results.ts';
import { acceptKey, type Loading, type LoadRules } from './accept-key.ts';
import { checkComponent, findKbpk, openBlock, readBlock } from './open-key-block.ts';
import type { TerminalState } from './terminal-state.ts';

export function attributesOf(header: KeyBlockHeader): KeyAttributes {
  const { keyUsage, algorithm, modeOfUse, keyVersion, exportability } = header;
  return { keyUsage, algorithm, modeOfUse, keyVersion, exportability };
}

function besideBlock({ ksn }: OpenedEnvelope, options: LoadOptions): LoadOptions {
  return ksn === undefined || options.ksn !== undefined ? options : { ...options, ksn };
}

/**
 * Loads a key block (ANSI X9.143) with the checks of real terminals in their order: the key block protection key is there and of
 * usage K0; the form of the block; its MAC; the strength of its key; then everything that `acceptKey` asks.
 *
 * @throws TerminalError with the reason
 * @throws RangeError when the profile has no such slot or index
 */
export function loadKeyBlock(
  state: TerminalState,
  text: string,
  given: LoadOptions,
  rules: LoadRules,
): Loading {
  const { profile, policy } = rules;
  const kbpk = findKbpk(state, profile, chooseKbpk(profile, given), policy);
  const opened = openEnvelope(text, policy);
  const options = besideBlock(opened, given);
  const contents = readBlock(opened.block, policy);
  const { key, relaxations } = openBlock(kbpk, opened.block, contents, policy);
  using _ = key;
  const { header, optionalBlocks } = contents;
  checkComponent(header);
  const slot = chooseSlot(profile, header.keyUsage, options);
  const arriving = {
    slot,
    attributes: attributesOf(header),
    key,
    optionalBlocks,
    relaxations: [...opened.relaxations, ...relaxations],
    envelope: opened.envelope,
  };
  return acceptKey(state, arriving, options, rules);
}
