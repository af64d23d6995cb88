import { Secret } from '@keywright/crypto';
import type { Relaxation } from './policy.ts';
import type { KeyAttributes, SlotName } from './slots.ts';

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
}

export const BLANK_STATE: TerminalState = { loads: 0, keys: new Map(), memories: new Map() };

type KeyRecord = Omit<StoredKey, 'material'> & { slot: SlotName; length: number };

interface StateRecord {
  loads: number;
  keys: KeyRecord[];
  memories: [SlotName, SlotMemory][];
}

// The length of the record (4 bytes), the record in JSON, the keys one after the other: key bytes never become a string.
const PREFIX = 4;

function recordOf({ loads, keys, memories }: TerminalState): StateRecord {
  const records = [...keys].map(([slot, { material, ...key }]) => ({
    slot,
    length: material.length,
    ...key,
  }));
  return { loads, keys: records, memories: [...memories] };
}

export function encodeState(state: TerminalState): Secret {
  const record = new TextEncoder().encode(JSON.stringify(recordOf(state)));
  const materials = [...state.keys.values()].map(({ material }) => material);
  const keysLength = materials.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(PREFIX + record.length + keysLength);
  new DataView(bytes.buffer).setUint32(0, record.length);
  bytes.set(record, PREFIX);
  let position = PREFIX + record.length;
  for (const material of materials) {
    material.expose((key) => bytes.set(key, position));
    position += material.length;
  }
  return Secret.take(bytes);
}

/** Reads what `encodeState` wrote; the store has made sure that it is nothing else. */
export function decodeState(encoded: Secret): TerminalState {
  return encoded.expose((bytes) => {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const record = new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length));
    const { loads, keys, memories } = JSON.parse(record) as StateRecord;
    let position = PREFIX + length;
    const stored = keys.map(({ slot, length, ...key }): [SlotName, StoredKey] => {
      const material = Secret.copyOf(bytes.subarray(position, position + length));
      position += length;
      return [slot, { ...key, material }];
    });
    return { loads, keys: new Map(stored), memories: new Map(memories) };
  });
}

/** A state with one key put into its slot, or taken out of it. */
export function withKey(state: TerminalState, slot: SlotName, key: StoredKey | undefined): TerminalState {
  const keys = new Map(state.keys);
  if (key === undefined) keys.delete(slot);
  else keys.set(slot, key);
  return { ...state, keys };
}
