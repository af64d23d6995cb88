import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from '@keywright/crypto';
import { holdLock } from '../file-lock.ts';
import { type CheckpointSigner, draftCheckpoint } from './checkpoint.ts';
import { LineBuffer } from './line-buffer.ts';
import { CHECKPOINTS_NAME, type Draft, type Head, hashLine, lineOf, timeText } from './record.ts';
import { ReplacedFileError, SegmentFile } from './segment-file.ts';
import { chainsOf, lastCheckpoint, readTail, type Tail } from './tail.ts';

/** A segment that has as many bytes is ended, and so is one of the day before (UTC). */
const SEGMENT_SIZE = 64 * 1024 * 1024;
/** Records after which there is a checkpoint at the latest. */
export const CHECKPOINT_RECORDS = 10_000;

/** What was wrong with a chain when it was opened. */
export interface Findings {
  /** A record that a crash cut off, and the file that its bytes are kept in. */
  readonly torn?: { readonly bytes: number; readonly sha256: string; readonly keptIn: string };
  /** Records that a checkpoint vouches for, and that are gone. */
  readonly lost?: { readonly from: number; readonly to: number };
  /** Request ids of calls that were about to change something when the service ended. Whether they did, their keys tell. */
  readonly unfinished?: readonly string[];
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function newChainId(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET[byte & 31]).join('');
}

/** The first chain of the directory that no other process writes to, or a new one. */
function takeChain(auditDirectory: string): { id: string; lock: Disposable } {
  mkdirSync(auditDirectory, { recursive: true, mode: 0o700 });
  for (const id of [...chainsOf(auditDirectory), newChainId()]) {
    const directory = join(auditDirectory, id);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = holdLock(join(directory, 'lock'));
    if (lock !== undefined) return { id, lock };
  }
  throw new Error(`no chain of ${auditDirectory} can be written to`);
}

/** Keeps the bytes of a torn record in a file of their own, and takes them off the segment. */
function setTornAside(directory: string, { torn, segment, head }: Tail): Findings['torn'] {
  if (torn === undefined || segment === undefined) return undefined;
  const sha256 = createHash('sha256').update(torn).digest('hex');
  const keptIn = `torn-after-${head.seq}-${sha256.slice(0, 8)}`;
  writeFileSync(join(directory, keptIn), torn, { mode: 0o600, flush: true });
  truncateSync(segment.path, segment.size);
  return { bytes: torn.length, sha256, keptIn };
}

/** What a checkpoint vouches for and the segments don't have. */
function lostRecords(directory: string, { head }: Tail): Findings['lost'] {
  const checkpoint = lastCheckpoint(directory);
  if (checkpoint === undefined || checkpoint.seq <= head.seq) return undefined;
  return { from: head.seq + 1, to: checkpoint.seq };
}

/**
 * A chain of records in segment files, `SEQ.ndjson` for the number of the first record. Each record is a line that holds the
 * hash of the line before, from segment to segment. One process writes to a chain at a time.
 */
export class Chain {
  readonly id: string;
  readonly findings: Findings;
  signer: CheckpointSigner | undefined;
  readonly #directory: string;
  #lock: Disposable | undefined;
  readonly #segmentSize: number;
  readonly #lines = new LineBuffer();
  #head: Head;
  #day: string | undefined;
  #resume: Tail['segment'];
  #file: SegmentFile | undefined;
  #checkpointed: number;
  /** Checkpoints that are in the chain and not yet beside it. */
  #copies = '';

  /** Takes a chain of the audit directory, or begins one. @throws what the operating system says */
  constructor(auditDirectory: string, segmentSize = SEGMENT_SIZE) {
    const { id, lock } = takeChain(auditDirectory);
    const directory = join(auditDirectory, id);
    const tail = readTail(directory, id);
    const torn = setTornAside(directory, tail);
    const lost = lostRecords(directory, tail);
    const { unfinished } = tail;
    this.findings = {
      ...(torn && { torn }),
      ...(lost && { lost }),
      ...(unfinished.length > 0 && { unfinished }),
    };
    this.id = id;
    this.#directory = directory;
    this.#lock = lock;
    this.#segmentSize = segmentSize;
    // A number that was given once is not given again.
    this.#head = { ...tail.head, seq: lost?.to ?? tail.head.seq };
    this.#day = tail.at?.slice(0, 10);
    this.#resume = tail.segment;
    this.#checkpointed = lost?.to ?? lastCheckpoint(directory)?.seq ?? 0;
  }

  /** Is the last record a checkpoint? Then there is nothing new to sign. */
  get isSealed(): boolean {
    return this.#head.seq === this.#checkpointed;
  }

  /**
   * Adds records and waits until they are on the disk; all of them, or none.
   *
   * @param seal whether a checkpoint is to follow, as it does by itself after so many records
   * @throws what the operating system says
   */
  async write(drafts: readonly Draft[], now: number, seal = false): Promise<void> {
    await this.copyCheckpoints();
    if (this.#isOver(now)) await this.#endSegment(now);
    const due = this.#head.seq + drafts.length - this.#checkpointed >= CHECKPOINT_RECORDS;
    await this.#append(drafts, now, seal || due);
  }

  /**
   * Puts the checkpoints that were written since beside the chain, where they can be taken elsewhere. A crash may lose copies, and
   * then no more than they are worth: the checkpoints themselves are in the chain, and on the disk.
   */
  async copyCheckpoints(): Promise<void> {
    if (this.#copies === '') return;
    await appendFile(join(this.#directory, CHECKPOINTS_NAME), this.#copies, { mode: 0o600 });
    this.#copies = '';
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#lock?.[Symbol.dispose]();
  }

  #isOver(now: number): boolean {
    const size = this.#file?.size ?? this.#resume?.size ?? 0;
    if (size === 0) return false;
    return size >= this.#segmentSize || timeText(now).slice(0, 10) > (this.#day ?? '');
  }

  /** A segment ends with a checkpoint and the next begins with one, so that each can be verified by itself. */
  async #endSegment(now: number): Promise<void> {
    if (!this.isSealed) await this.#append([], now, true);
    await this.#file?.close();
    this.#file = undefined;
    this.#resume = undefined;
    await this.#append([], now, true);
  }

  async #append(drafts: readonly Draft[], now: number, seal: boolean): Promise<void> {
    let head = this.#head;
    this.#lines.clear();
    const add = (draft: Draft) => {
      const line = lineOf(this.id, head, draft);
      head = { seq: head.seq + 1, hash: hashLine(this.#lines.add(line)) };
      return line;
    };
    for (const draft of drafts) add(draft);
    const checkpoint = seal && this.signer && add(draftCheckpoint(this.id, head, now, this.signer));
    if (head !== this.#head) await this.#appendToFile(this.#lines.bytes);
    this.#head = head;
    this.#day = timeText(now).slice(0, 10);
    if (!checkpoint) return;
    this.#checkpointed = head.seq;
    this.#copies += `${checkpoint}\n`;
  }

  async #appendToFile(bytes: Uint8Array): Promise<void> {
    this.#file ??= await this.#openFile();
    try {
      await this.#file.append(bytes);
    } catch (error) {
      if (error instanceof ReplacedFileError) this.#leaveFile();
      throw error;
    }
  }

  #openFile(): Promise<SegmentFile> {
    this.#holdChain();
    if (this.#resume !== undefined && existsSync(this.#resume.path)) {
      return SegmentFile.open(this.#resume.path, this.#resume.size);
    }
    const name = `${String(this.#head.seq + 1).padStart(16, '0')}.ndjson`;
    return SegmentFile.open(join(this.#directory, name));
  }

  /** A lock that has lost its name keeps nobody out. */
  #holdChain(): void {
    const path = join(this.#directory, 'lock');
    if (this.#lock !== undefined && existsSync(path)) return;
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#lock = holdLock(path);
    if (this.#lock === undefined) throw new Error(`another process writes to ${this.#directory}`);
  }

  /** What is under its name now is evidence of what happened to it; the chain goes on in a new file. */
  #leaveFile(): void {
    void this.#file?.close();
    this.#file = undefined;
    this.#resume = undefined;
  }
}
