import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AuditRecord, parseLine } from './record.ts';
import { chainsOf, segmentsOf } from './tail.ts';

/** How much of the newest segment of a chain is read for its last records. */
const WINDOW = 1024 * 1024;
const LINE_FEED = 10;

/** Reads the latest records of an audit directory, and then what is added. */
export class AuditFollower {
  readonly #directory: string;
  /** Of each segment, how many bytes were read. */
  readonly #read = new Map<string, number>();
  #started = false;

  constructor(auditDirectory: string) {
    this.#directory = auditDirectory;
  }

  /** What is new since the last time, by time; the first time, what the newest segments end with. */
  next(): AuditRecord[] {
    const segments = chainsOf(this.#directory).map((chain) => segmentsOf(join(this.#directory, chain)));
    const fresh = this.#started ? segments.flat() : segments.flatMap((paths) => paths.slice(-1));
    if (!this.#started)
      for (const path of segments.flatMap((paths) => paths.slice(0, -1)))
        this.#read.set(path, Number.POSITIVE_INFINITY);
    const records = fresh.flatMap((path) => this.#readFrom(path));
    this.#started = true;
    return records.sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  }

  #readFrom(path: string): AuditRecord[] {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const start = this.#read.get(path) ?? (this.#started ? 0 : Math.max(0, size - WINDOW));
      if (size <= start) return [];
      const bytes = Buffer.alloc(size - start);
      readSync(file, bytes, 0, bytes.length, start);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      this.#read.set(path, start + end);
      const chain = basename(dirname(path));
      const records = bytes.toString('utf8', 0, end).split('\n').map(parseLine);
      return records.filter((record) => record?.chain === chain) as AuditRecord[];
    } finally {
      closeSync(file);
    }
  }
}
