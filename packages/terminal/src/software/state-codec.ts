import { Secret } from '@keywright/crypto';
import type { Relaxation } from '../policy.ts';
import type { SlotName } from '../profiles/slots.ts';
import type { KeyAttributes } from '../results.ts';
import type { PinBucket } from './pin-rate.ts';
import { type SlotMemory, type StoredKey, secretsOf, type TerminalState } from './terminal-state.ts';
import type { Tr34Documents, Tr34State } from './tr34-state.ts';

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

interface Tr34Record {
  /** Length of the private key, 0 without one. */
  readonly key: number;
  readonly documents: [keyof Tr34Documents, length: number][];
  readonly lastToken?: number | undefined;
}

interface StateRecord {
  readonly loads: number;
  readonly keys: KeyRecord[];
  readonly memories: [SlotName, SlotMemory][];
  readonly pins?: PinBucket | undefined;
  readonly tr34?: Tr34Record | undefined;
}

// The length of the record (4 bytes), the record in JSON, then, one after the other, the secrets, which never become a string, and
// the documents.
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

function documentsOf({ documents }: Tr34State): [keyof Tr34Documents, Uint8Array][] {
  return Object.entries(documents) as [keyof Tr34Documents, Uint8Array][];
}

function recordTr34(tr34: Tr34State | undefined): Tr34Record | undefined {
  if (tr34 === undefined) return undefined;
  const documents = documentsOf(tr34).map(([name, { length }]): [keyof Tr34Documents, number] => [
    name,
    length,
  ]);
  return { key: tr34.privateKey?.length ?? 0, documents, lastToken: tr34.lastToken };
}

function recordOf({ loads, keys, memories, pins, tr34 }: TerminalState): StateRecord {
  return { loads, keys: [...keys].map(recordKey), memories: [...memories], pins, tr34: recordTr34(tr34) };
}

export function encodeState(state: TerminalState): Secret {
  const record = new TextEncoder().encode(JSON.stringify(recordOf(state)));
  const secrets = secretsOf(state);
  const documents = state.tr34 === undefined ? [] : documentsOf(state.tr34).map(([, bytes]) => bytes);
  const length = [...secrets, ...documents].reduce((sum, part) => sum + part.length, PREFIX + record.length);
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, record.length);
  bytes.set(record, PREFIX);
  let position = PREFIX + record.length;
  const put = (part: Uint8Array) => {
    bytes.set(part, position);
    position += part.length;
  };
  for (const secret of secrets) secret.expose(put);
  for (const document of documents) put(document);
  return Secret.take(bytes);
}

function restoreKey(record: KeyRecord, material: Secret): [SlotName, StoredKey] {
  const [slot, packed, , relaxations, ksn, initialKeyKcv] = record;
  const dukpt = ksn === undefined || initialKeyKcv === undefined ? {} : { dukpt: { ksn, initialKeyKcv } };
  return [slot, { attributes: unpackAttributes(packed), relaxations, material, ...dukpt }];
}

type Take = (length: number) => Uint8Array;

function restoreTr34({ key, documents, lastToken }: Tr34Record, take: Take): Tr34State {
  const privateKey = key > 0 ? { privateKey: Secret.take(take(key)) } : {};
  const restored = Object.fromEntries(documents.map(([name, length]) => [name, take(length)]));
  return { ...privateKey, documents: restored, ...(lastToken !== undefined && { lastToken }) };
}

/** Reads what `encodeState` wrote; the store has made sure that it is nothing else. */
export function decodeState(encoded: Secret): TerminalState {
  return encoded.expose((bytes) => {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const text = new TextDecoder().decode(bytes.subarray(PREFIX, PREFIX + length));
    const { loads, keys, memories, pins, tr34 } = JSON.parse(text) as StateRecord;
    let position = PREFIX + length;
    const take: Take = (size) => {
      position += size;
      return bytes.slice(position - size, position);
    };
    const stored = keys.map((record) => restoreKey(record, Secret.take(take(record[2]))));
    return {
      loads,
      keys: new Map(stored),
      memories: new Map(memories),
      ...(pins && { pins }),
      ...(tr34 && { tr34: restoreTr34(tr34, take) }),
    };
  });
}
