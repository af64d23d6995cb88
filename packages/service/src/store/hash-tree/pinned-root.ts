import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { writeOnce } from '../../private-file.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { sha256 } from './digest.ts';

// The file has two lines, each of which has a block of the disk to itself, so that a write that is broken off spoils one at most:
// what a transaction is about to make of the root, on the disk before it is committed; and the root that one has left.
const BLOCK = 4096;
const INTENT = /^intent (\d{15}) ([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{16}) *\n$/;
const SETTLED = /^settled (\d{15}) ([0-9a-f]{64}) ([0-9a-f]{16}) *\n$/;

/** What the file says. */
export interface Pin {
  /** Those that the database may have: one, or while a transaction is being committed the ones before and after it. */
  readonly roots: readonly Buffer[];
  readonly sequence: number;
}

function line(...words: readonly string[]): string {
  const text = words.join(' ');
  const check = sha256(text).toString('hex').slice(0, 16);
  return `${`${text} ${check}`.padEnd(BLOCK - 1)}\n`;
}

const number = (sequence: number) => String(sequence).padStart(15, '0');
const hex = (root: Buffer) => root.toString('hex');

function intentLine(sequence: number, before: Buffer, after: Buffer): string {
  return line('intent', number(sequence), hex(before), hex(after));
}

function settledLine(sequence: number, root: Buffer): string {
  return line('settled', number(sequence), hex(root));
}

/** The words of a line; none when it was not written to its end. */
function wordsOf(pattern: RegExp, text: string): string[] | undefined {
  const words = pattern.exec(text);
  if (words === null) return undefined;
  const given = text.trimEnd().split(' ').slice(0, -1);
  return line(...given) === text ? given.slice(1) : undefined;
}

function parse(content: Buffer, path: string): Pin {
  const intent = wordsOf(INTENT, content.toString('latin1', 0, BLOCK));
  const settled = wordsOf(SETTLED, content.toString('latin1', BLOCK));
  const latest = settled && (!intent || Number(settled[0]) >= Number(intent[0])) ? settled : intent;
  if (latest === undefined) throw new TamperedDatabaseError(`${path} is damaged`);
  const [sequence, ...roots] = latest;
  return { sequence: Number(sequence), roots: roots.map((root) => Buffer.from(root, 'hex')) };
}

/** The file that a database's root is kept in. */
export function rootPathOf(database: string): string {
  return `${database}-root`;
}

/** The content of a file that pins a root. */
export function pinnedContent(root: Buffer): string {
  return `${intentLine(0, root, root)}${settledLine(0, root)}`;
}

/**
 * The root of the tree over all records, kept outside of the database: whoever can write to the database alone can't put back, take
 * away or forge anything in it.
 */
export class PinnedRoot implements Disposable {
  readonly #path: string;
  readonly #file: number;
  readonly #content: Buffer = Buffer.alloc(2 * BLOCK);
  #seen: Buffer = Buffer.alloc(0);
  #pin: Pin | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'r+');
  }

  /** For a database that is about to get its first root. */
  static make(path: string, before: Buffer, after: Buffer): PinnedRoot {
    writeOnce(path, intentLine(1, before, after));
    return new PinnedRoot(path);
  }

  /** The same object as long as the file is as it was. @throws TamperedDatabaseError when it is damaged */
  read(): Pin {
    const length = readSync(this.#file, this.#content, 0, this.#content.length, 0);
    const content = this.#content.subarray(0, length);
    if (this.#pin === undefined || !content.equals(this.#seen)) {
      this.#pin = parse(content, this.#path);
      this.#seen = Buffer.from(content);
    }
    return this.#pin;
  }

  /** On the disk before it returns. To be called by who holds the database's lock. @returns the number of the intent */
  intend(before: Buffer, after: Buffer): number {
    const sequence = this.read().sequence + 1;
    writeSync(this.#file, intentLine(sequence, before, after), 0);
    fdatasyncSync(this.#file);
    return sequence;
  }

  /** Says what has come of an intent; when the lock was given up, another process may have intended more, and then it is its to say. */
  settle(sequence: number, root: Buffer): void {
    if (this.read().sequence === sequence) writeSync(this.#file, settledLine(sequence, root), BLOCK);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
