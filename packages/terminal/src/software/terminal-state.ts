import type { Secret } from '@keywright/crypto';
import type { Relaxation } from '../policy.ts';
import { PURPOSES, type Purpose, type SlotName } from '../profiles/slots.ts';
import type { KeyAttributes } from '../results.ts';
import type { PinBucket } from './pin-rate.ts';
import type { Tr34State } from './tr34-state.ts';

/** A key in its slot. */
export interface StoredKey {
  readonly attributes: KeyAttributes;
  readonly relaxations: readonly Relaxation[];
  /** The key; of a DUKPT key set the registers, since the initial key itself is gone. */
  readonly material: Secret;
  readonly dukpt?: {
    /** The KSN used last. */
    readonly ksn: string;
    /** 8 bytes in hexadecimal. */
    readonly initialKeyKcv: string;
  };
}

/** What a slot remembers even when its key is erased. */
export interface SlotMemory {
  /** The highest key version that the slot has had. */
  readonly keyVersion: string;
  /** Initial key ID and check value of each initial key that it has had: none may start over. */
  readonly initialKeys?: readonly string[];
}

/** Everything that a terminal keeps. Changed by making a new one, so that what could not be stored never was. */
export interface TerminalState {
  readonly loads: number;
  readonly keys: ReadonlyMap<SlotName, StoredKey>;
  readonly memories: ReadonlyMap<SlotName, SlotMemory>;
  /** Missing until the first PIN: the bucket is full. */
  readonly pins?: PinBucket;
  /** Missing until the terminal needs it. */
  readonly tr34?: Tr34State;
}

export const BLANK_STATE: TerminalState = { loads: 0, keys: new Map(), memories: new Map() };

/** What a key does, whatever usage its sender gave it. */
export function purposeOf({ dukpt, attributes }: StoredKey): Purpose | undefined {
  return dukpt === undefined ? PURPOSES[attributes.keyUsage] : 'DUKPT';
}

/** The secrets of a state; each belongs to it alone. */
export function secretsOf(state: TerminalState): Secret[] {
  const { privateKey } = state.tr34 ?? {};
  return [...[...state.keys.values()].map(({ material }) => material), ...(privateKey ? [privateKey] : [])];
}

/** A state with one key put into its slot, or taken out of it. */
export function withKey(state: TerminalState, slot: SlotName, key: StoredKey | undefined): TerminalState {
  const keys = new Map(state.keys);
  if (key === undefined) keys.delete(slot);
  else keys.set(slot, key);
  return { ...state, keys };
}
