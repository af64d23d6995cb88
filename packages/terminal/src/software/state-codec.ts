import { Secret } from '@keywright/crypto';
import type { Relaxation } from '../policy.ts';
import type { SlotName } from '../profiles/slots.ts';
import type { KeyAttributes } from '../results.ts';
import { type SlotMemory, type StoredKey, secretsOf, type TerminalState } from './terminal-state.ts';

/** A key without its material; short, since a fleet's simulation keeps a hundred thousand of them. */
type KeyRecord = [
  slot: SlotName,
  /** Usage, algorithm, mode of use, key version and exportability, as in a header. */
  attributes: string,
  length: number,
  relaxations: readonly Relaxation[],
  ksn?: string,
  initialKeyKcv?: string,
];

interface StateRecord extends Omit<TerminalState, 'keys' | 'memories'> {
  readonly keys: KeyRecord[];
  readonly memories: [SlotName, SlotMemory][];
}

// The length of the record (4 bytes), the record in JSON, the secrets one after the other: they never become a string.
const PREFIX = 4;

function packAttributes(attributes: KeyAttributes): string {
  const { keyUsage, algorithm, modeOfUse, keyVersion, exportability } = attributes;
  return keyUsage + algorithm + modeOfUse + keyVersion + exportability;
}

function unpackAttributes(packed: string): KeyAttributes {
  return {
    keyUsage: packed.slice(0, 2),
    algorithm: packed[2]!,
    modeOfUse: packed[3]!,
    keyVersion: packed.slice(4, 6),
    exportability: packed[6]!,
  };
}

function recordKey([slot, key]: readonly [SlotName, StoredKey]): KeyRecord {
  const { attributes, material, relaxations, dukpt } = key;
  const record = [slot, packAttributes(attributes), material.length, relaxations] as const;
  return dukpt === undefined ? [...record] : [...record, dukpt.ksn, dukpt.initialKeyKcv];
}

function recordOf({ keys, memories, ...rest }: TerminalState): StateRecord {
  return { ...rest, keys: [...keys].map(recordKey), memories: [...memories] };
}

export function encodeState(state: TerminalState): Secret {
  const record = new TextEncoder().encode(JSON.stringify(recordOf(state)));
  const secrets = secretsOf(state);
  const secretsLength = secrets.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(PREFIX + record.length + secretsLength);
  new DataView(bytes.buffer).setUint32(0, record.length);
  bytes.set(record, PREFIX);
  let position = PREFIX + record.length;
  for (const secret of secrets) {
    secret.expose((key) => bytes.set(key, position));
    position += secret.length;
  }
  return Secret.take(bytes);
}

function restoreKey(record: KeyRecord, material: Secret): [SlotName, StoredKey] {
  const [slot, packed, , relaxations, ksn, initialKeyKcv] = record;
  const dukpt = ksn === undefined || initialKeyKcv === undefined ? {} : { dukpt: { ksn, initialKeyKcv } };
  return [slot, { attributes: unpackAttributes(packed), relaxations, material, ...dukpt }];
}

/** Reads what `encodeState` wrote; the store has made sure that it is nothing else. */
export function decodeState(encoded: Secret): TerminalState {
  return encoded.expose((bytes) => {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const text = new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length));
    const { keys, memories, ...rest } = JSON.parse(text) as StateRecord;
    let position = PREFIX + length;
    const take = (size: number) => {
      position += size;
      return Secret.copyOf(bytes.subarray(position - size, position));
    };
    const stored = keys.map((record) => restoreKey(record, take(record[2])));
    return { ...rest, keys: new Map(stored), memories: new Map(memories) };
  });
}
