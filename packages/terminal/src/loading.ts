import {
  type BlockCipherName,
  encodeHex,
  type KeyBlockHeader,
  keyCheckValue,
  type OptionalBlock,
  type Secret,
} from '@keywright/crypto';
import { fillRegisters } from './dukpt-slot.ts';
import { formatKsn, startingKsn } from './initial-ksn.ts';
import { checkDuplicate, checkKcv, checkVersion, findKbpk, openBlock, readBlock } from './load-checks.ts';
import type { PolicyName } from './policy.ts';
import type { KeyLoaded, LoadOptions } from './pos-terminal.ts';
import { TerminalError } from './refusals.ts';
import {
  CIPHERS,
  checkAttributes,
  type KeyAttributes,
  purposeOf,
  type SlotName,
  slotForUsage,
} from './slots.ts';
import { type SlotMemory, type StoredKey, type TerminalState, withKey } from './terminal-state.ts';

/** By what a terminal decides. */
export interface LoadRules {
  readonly policy: PolicyName;
  /** Keys that it takes in its life. */
  readonly loadLimit: number;
}

/** What loading changes, and what it answers. */
export interface Loading {
  readonly state: TerminalState;
  readonly loaded: KeyLoaded;
}

/** A key that is ready for its slot. */
interface Arrival {
  readonly slot: SlotName;
  readonly key: StoredKey;
  readonly kcv: string;
  readonly initialKey?: string;
  readonly counter?: KeyLoaded['counter'];
}

function attributesOf(header: KeyBlockHeader): KeyAttributes {
  const { keyUsage, algorithm, modeOfUse, keyVersion, exportability } = header;
  return { keyUsage, algorithm, modeOfUse, keyVersion, exportability };
}

/** The highest key version that the slot has had, and every initial key. */
function remember(memory: SlotMemory | undefined, keyVersion: string, initialKey?: string): SlotMemory {
  const versions = [keyVersion, memory?.keyVersion ?? ''].sort();
  const initialKeys = [...(memory?.initialKeys ?? []), ...(initialKey === undefined ? [] : [initialKey])];
  return { keyVersion: versions.at(-1)!, ...(initialKeys.length > 0 && { initialKeys }) };
}

/** Puts a key into its slot. */
function settle(state: TerminalState, { slot, key, kcv, initialKey, counter }: Arrival): Loading {
  const { keyUsage: usage, algorithm, keyVersion } = key.attributes;
  const memory = remember(state.memories.get(slot), keyVersion, initialKey);
  const { relaxations } = key;
  const dukpt = { ...(key.dukpt && { ksn: key.dukpt.ksn }), ...(counter && { counter }) };
  return {
    state: {
      ...withKey(state, slot, key),
      loads: state.loads + 1,
      memories: new Map(state.memories).set(slot, memory),
    },
    loaded: { ok: true, status: 'LOADED', slot, usage, algorithm, keyVersion, kcv, ...dukpt, relaxations },
  };
}

type Arriving = Omit<StoredKey, 'material' | 'dukpt'> & { slot: SlotName; key: Secret };

/** A KEK, or a PIN, data or MAC key. */
function keepKey(state: TerminalState, { slot, key, ...rest }: Arriving): Loading {
  checkDuplicate(state, key);
  const kcv = keyCheckValue(CIPHERS[rest.attributes.algorithm]!, key);
  return settle(state, { slot, kcv, key: { ...rest, material: key.clone() } });
}

/** Fills the registers from an initial key, of which only the check value stays. */
function keepInitialKey(
  state: TerminalState,
  { slot, key, ...rest }: Arriving,
  optionalBlocks: readonly OptionalBlock[],
  options: LoadOptions,
): Loading {
  const { algorithm } = rest.attributes;
  const { ksn, counter } = startingKsn(algorithm, optionalBlocks, options);
  const initialKeyKcv = keyCheckValue(CIPHERS[algorithm]!, key, 8);
  const initialKey = `${encodeHex(ksn.initialKeyId)} ${initialKeyKcv}`;
  if ([...state.memories.values()].some((memory) => memory.initialKeys?.includes(initialKey))) {
    throw new TerminalError('KSN_IN_USE');
  }
  const material = fillRegisters(algorithm, key, ksn);
  const dukpt = { ksn: formatKsn(algorithm, ksn), initialKeyKcv };
  const kcv = initialKeyKcv.slice(0, 6);
  return settle(state, { slot, kcv, key: { ...rest, material, dukpt }, initialKey, counter });
}

/** @throws TerminalError LOAD_LIMIT */
function checkLoads({ loads }: TerminalState, limit: number): void {
  if (loads >= limit)
    throw new TerminalError('LOAD_LIMIT', `the terminal takes ${limit} keys until it is zeroized`);
}

/**
 * Loads a key block (ANSI X9.143): every check that a terminal makes, then the change.
 *
 * @throws TerminalError with the reason
 */
export function loadKeyBlock(
  state: TerminalState,
  block: string,
  options: LoadOptions,
  { policy, loadLimit }: LoadRules,
): Loading {
  checkLoads(state, loadLimit);
  const { header, optionalBlocks } = readBlock(block, policy);
  const slot = options.slot ?? slotForUsage(header.keyUsage, options.index ?? 0);
  const taken = checkAttributes(header, slot, policy);
  const kbpk = findKbpk(state, options.kbpk ?? 'KEK-0', header.version, policy);
  const opened = openBlock(kbpk, block, policy);
  using key = opened.key;
  checkKcv(key, header.algorithm, options.expectedKcv);
  const replaced = checkVersion(state, slot, header.keyVersion, policy, options);
  const relaxations = [...taken, ...opened.relaxations, ...replaced];
  const arriving = { slot, key, attributes: attributesOf(header), relaxations };
  return purposeOf(slot) === 'DUKPT'
    ? keepInitialKey(state, arriving, optionalBlocks, options)
    : keepKey(state, arriving);
}

/** Attributes of a KEK that comes in components, which have no header to say them. */
const COMPONENT_KEK = { keyUsage: 'K0', modeOfUse: 'B', keyVersion: '00', exportability: 'N' } as const;

/**
 * Loads a KEK that was put together from components.
 *
 * @throws TerminalError LOAD_LIMIT or DUPLICATE_KEY
 */
export function loadClearKek(
  state: TerminalState,
  slot: SlotName,
  cipher: BlockCipherName,
  key: Secret,
  { loadLimit }: LoadRules,
): Loading {
  checkLoads(state, loadLimit);
  const attributes = { ...COMPONENT_KEK, algorithm: cipher === 'AES' ? 'A' : 'T' };
  return keepKey(state, { slot, key, attributes, relaxations: [] });
}
