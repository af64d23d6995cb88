import { hash } from 'node:crypto';
import { keepLast, remembered } from '../memo.ts';

/** Where a chain begins: what the first record has in the place of the hash of the one before. */
export const BEGINNING = '0'.repeat(64);

/** The segment files of a chain are named for the number of their first record. */
export const SEGMENT_NAME = /^\d{16}\.ndjson$/;
/** The copies of a chain's checkpoints. */
export const CHECKPOINTS_NAME = 'checkpoints.ndjson';
/** A chain's id, and the name of its directory. */
export const CHAIN_NAME = /^[a-z2-7]{16}$/;

/** A record as it waits to be written: when it was made, and its one member of a kind (`"event":{…}`). */
export interface Draft {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly body: string;
}

/** How far a chain is: the number and the hash of its last record. */
export interface Head {
  readonly seq: number;
  /** SHA-256 of the last record's line, without its line feed: 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

export const NO_RECORD: Head = { seq: 0, hash: BEGINNING };

/** A record as it is read back. One of event, attempt and checkpoint is there. */
export interface AuditRecord {
  readonly chain: string;
  /** Counts a chain's records from 1. */
  readonly seq: number;
  /** When it was made: ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  /** The hash of the record before. */
  readonly previous: string;
  readonly event?: AuditEvent;
  /** A call that is about to change something; its event follows. */
  readonly attempt?: AuditEvent;
  readonly checkpoint?: { readonly key: string; readonly signature: string };
}

/** An event as it is read back: CloudTrail's members. */
export type AuditEvent = Readonly<Record<string, unknown>>;

/** ISO 8601; many records are of one millisecond. */
export const timeText = keepLast((at: number) => new Date(at).toISOString());

const lineStart = remembered((chain) => `{"chain":"${chain}","seq":`);
const afterNumber = keepLast((time: string) => `,"at":"${time}","previous":"`);

/** The line of the record that comes after `head`, without its line feed. It is put together from few pieces, which is what it costs. */
export function lineOf(chain: string, { seq, hash: previous }: Head, { at, body }: Draft): string {
  return `${lineStart(chain)}${seq + 1}${afterNumber(timeText(at))}${previous}",${body}}`;
}

export function hashLine(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** A line as a record; undefined when it is none. What a record of a later release has more is left alone. */
export function parseLine(line: string): AuditRecord | undefined {
  try {
    const record: unknown = JSON.parse(line);
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is AuditRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { chain, seq, at, previous } = value as Record<string, unknown>;
  return (
    typeof chain === 'string' &&
    CHAIN_NAME.test(chain) &&
    Number.isSafeInteger(seq) &&
    (seq as number) > 0 &&
    typeof at === 'string' &&
    typeof previous === 'string'
  );
}
