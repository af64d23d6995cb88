import { encodeHex, keyCheckValue, type OptionalBlock, type Secret } from '@keywright/crypto';
import type { PolicyName, Relaxation } from '../policy.ts';
import type { LoadOptions } from '../pos-terminal.ts';
import { checkAttributes, checkLength } from '../profiles/attribute-checks.ts';
import { rulesOf } from '../profiles/index.ts';
import { CIPHERS, type SlotName, type SlotProfile } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import type { EnvelopeReading, KeyAttributes, KeyLoaded } from '../results.ts';
import { fillRegisters } from './dukpt-slot.ts';
import { formatKsn, startingKsn } from './initial-ksn.ts';
import { checkDesKeys, checkDuplicate, checkKcv, checkLoads, checkVersion } from './key-checks.ts';
import { type SlotMemory, type StoredKey, type TerminalState, withKey } from './terminal-state.ts';

/** By what a terminal decides. */
export interface LoadRules {
  readonly profile: SlotProfile;
  readonly policy: PolicyName;
  /** Keys that it takes in its life. */
  readonly loadLimit: number;
}

/** What loading changes, and what it answers. */
export interface Loading {
  readonly state: TerminalState;
  readonly loaded: KeyLoaded & { readonly kcv: string };
}

/** A key that is authentic and clear, on its way into a slot. */
export interface ArrivingKey {
  readonly slot: SlotName;
  readonly attributes: KeyAttributes;
  /** Stays the caller's to dispose of. */
  readonly key: Secret;
  readonly optionalBlocks: readonly OptionalBlock[];
  /** What was let pass on the way here. */
  readonly relaxations: readonly Relaxation[];
  readonly envelope?: EnvelopeReading | undefined;
}

type AcceptOptions = Pick<LoadOptions, 'ksn' | 'counter' | 'overwrite' | 'expectedKcv'>;

/** A key as it will be stored. */
interface Settled {
  readonly material: Secret;
  readonly kcv: string;
  readonly dukpt?: StoredKey['dukpt'];
  readonly initialKey?: string;
  readonly counter?: KeyLoaded['counter'];
}

/** A KEK, or a PIN, data or MAC key. */
function settleKey({ key, attributes }: ArrivingKey): Settled {
  return { material: key.clone(), kcv: keyCheckValue(CIPHERS[attributes.algorithm]!, key) };
}

/** @throws TerminalError KSN_IN_USE */
function assertFresh({ memories }: TerminalState, initialKey: string): void {
  if ([...memories.values()].some((memory) => memory.initialKeys?.includes(initialKey))) {
    throw new TerminalError('KSN_IN_USE');
  }
}

/** Fills the registers from an initial key, of which only the check value stays. */
function settleInitialKey(state: TerminalState, arriving: ArrivingKey, options: AcceptOptions): Settled {
  const { key, optionalBlocks } = arriving;
  const { algorithm } = arriving.attributes;
  const { ksn, counter } = startingKsn(algorithm, optionalBlocks, options);
  const initialKeyKcv = keyCheckValue(CIPHERS[algorithm]!, key, 8);
  const initialKey = `${encodeHex(ksn.initialKeyId)} ${initialKeyKcv}`;
  assertFresh(state, initialKey);
  const material = fillRegisters(algorithm, key, ksn);
  const dukpt = { ksn: formatKsn(algorithm, ksn), initialKeyKcv };
  return { material, kcv: initialKeyKcv.slice(0, 6), dukpt, initialKey, counter };
}

/** The highest key version that the slot has had, and every initial key. */
function remember(memory: SlotMemory | undefined, keyVersion: string, initialKey?: string): SlotMemory {
  const versions = [keyVersion, memory?.keyVersion ?? ''].sort();
  const initialKeys = [...(memory?.initialKeys ?? []), ...(initialKey === undefined ? [] : [initialKey])];
  return { keyVersion: versions.at(-1)!, ...(initialKeys.length > 0 && { initialKeys }) };
}

/** Puts a key into its slot. */
function settle(
  state: TerminalState,
  { slot, attributes, envelope }: ArrivingKey,
  { material, kcv, dukpt, initialKey, counter }: Settled,
  relaxations: readonly Relaxation[],
): Loading {
  const { keyUsage: usage, algorithm, keyVersion } = attributes;
  const memory = remember(state.memories.get(slot), keyVersion, initialKey);
  const stored = { attributes, relaxations, material, ...(dukpt && { dukpt }) };
  return {
    state: {
      ...withKey(state, slot, stored),
      loads: state.loads + 1,
      memories: new Map(state.memories).set(slot, memory),
    },
    loaded: {
      ok: true,
      status: 'LOADED',
      slot,
      usage,
      algorithm,
      keyVersion,
      kcv,
      ...(dukpt && { ksn: dukpt.ksn }),
      ...(counter && { counter }),
      relaxations,
      ...(envelope && { envelope }),
    },
  };
}

/**
 * Everything that a terminal asks of an authentic key, in this order: usage, algorithm, mode of use and length for the slot; its
 * value; its key version; whether the slot is free; the load limit; and of an initial key its KSN.
 *
 * @throws TerminalError with the reason
 */
export function acceptKey(
  state: TerminalState,
  arriving: ArrivingKey,
  options: AcceptOptions,
  { profile, policy, loadLimit }: LoadRules,
): Loading {
  const { slot, attributes, key } = arriving;
  const { keyUsage, algorithm, keyVersion } = attributes;
  const relaxed = [...arriving.relaxations, ...checkAttributes(profile, attributes, slot, policy)];
  checkLength(profile, keyUsage, slot, key.length);
  relaxed.push(...checkDesKeys(algorithm, key, policy));
  checkKcv(key, algorithm, options.expectedKcv);
  const isInitialKey = rulesOf(profile, slot).accepts.some((acceptance) => acceptance.keyUsage === 'B1');
  if (!isInitialKey) checkDuplicate(state, key);
  relaxed.push(...checkVersion(state, slot, keyVersion, policy, options.overwrite));
  checkLoads(state, loadLimit);
  const settled = isInitialKey ? settleInitialKey(state, arriving, options) : settleKey(arriving);
  return settle(state, arriving, settled, relaxed);
}
