import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AuditRecord,
  CHAIN_NAME,
  CHECKPOINTS_NAME,
  type Head,
  hashLine,
  NO_RECORD,
  parseLine,
  SEGMENT_NAME,
} from './record.ts';

/** As much of a segment's end as is looked at; the longest line fits several times. */
const WINDOW = 1024 * 1024;

/** Where a chain ends on the disk. */
export interface Tail {
  readonly head: Head;
  /** ISO 8601, of the last record. */
  readonly at?: string;
  /** The segment that goes on, and how many of its bytes are whole records; none in a chain without one. */
  readonly segment?: { readonly path: string; readonly size: number };
  /** What stands after the last whole record: a crash cut it off. */
  readonly torn?: Buffer;
  /** Ids of requests, or of events of the service's own, that were about to change something, and whose event is not there. */
  readonly unfinished: readonly string[];
}

const LINE_FEED = 10;

function readEnd(path: string): { bytes: Buffer; from: number } {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - WINDOW);
    const bytes = Buffer.alloc(size - from);
    readSync(file, bytes, 0, bytes.length, from);
    return { bytes, from };
  } finally {
    closeSync(file);
  }
}

/** The segments of a chain by their first record, in order. */
export function segmentsOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => SEGMENT_NAME.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** The chains of an audit directory, in order of their ids. */
export function chainsOf(auditDirectory: string): string[] {
  return readdirSync(auditDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && CHAIN_NAME.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** The last checkpoint that was copied beside a chain; none before the first. */
export function lastCheckpoint(directory: string): AuditRecord | undefined {
  try {
    const lines = readFileSync(join(directory, CHECKPOINTS_NAME), 'utf8').split('\n');
    return lines.map(parseLine).findLast((record) => record?.checkpoint !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** How far each chain is signed, for the links between chains. */
export function signedHeads(auditDirectory: string): { chain: string; seq: number; previous: string }[] {
  return chainsOf(auditDirectory).flatMap((chain) => {
    const checkpoint = lastCheckpoint(join(auditDirectory, chain));
    return checkpoint ? [{ chain, seq: checkpoint.seq, previous: checkpoint.previous }] : [];
  });
}

interface Line {
  readonly record: AuditRecord;
  readonly text: string;
  /** The offset in the window of what comes after its line feed. */
  readonly end: number;
}

/** The whole records of this chain in a segment's end; the first line of a window may be a part of one, and is none then. */
function recordsIn(bytes: Buffer, chain: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; ; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    if (feed < 0) return lines;
    const text = bytes.toString('utf8', start, feed);
    const record = parseLine(text);
    if (record?.chain === chain) lines.push({ record, text, end: feed + 1 });
    start = feed + 1;
  }
}

/** What an attempt and its event have in common: the request's id, or, where the service itself acts, the event's. */
function subjectOf(event: AuditRecord['event']): string | undefined {
  const id = event?.requestID ?? event?.eventID;
  return typeof id === 'string' ? id : undefined;
}

/** Attempts of the last run without their event. */
function unfinishedIn(lines: readonly Line[]): string[] {
  const open = new Set<string>();
  for (const { record } of lines) {
    if (record.event?.eventName === 'StartService') open.clear();
    const [attempt, event] = [subjectOf(record.attempt), subjectOf(record.event)];
    if (attempt !== undefined) open.add(attempt);
    if (event !== undefined) open.delete(event);
  }
  return [...open];
}

/** Reads where a chain ends. A segment without a whole record, which a crash can leave, continues the one before. */
export function readTail(directory: string, chain: string): Tail {
  let later: Pick<Tail, 'segment' | 'torn'> | undefined;
  for (const path of segmentsOf(directory).reverse()) {
    const { bytes, from } = readEnd(path);
    const lines = recordsIn(bytes, chain);
    const last = lines.at(-1);
    const end = last?.end ?? 0;
    const torn = end < bytes.length ? { torn: bytes.subarray(end) } : {};
    later ??= { segment: { path, size: from + end }, ...torn };
    if (last === undefined) continue;
    const head = { seq: last.record.seq, hash: hashLine(last.text) };
    return { head, at: last.record.at, ...later, unfinished: unfinishedIn(lines) };
  }
  return { head: NO_RECORD, ...later, unfinished: [] };
}
