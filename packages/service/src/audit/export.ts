import { join } from 'node:path';
import { readLines } from './read-lines.ts';
import { chainsOf, segmentsOf } from './tail.ts';

/** Records of a time: from, and before; ISO 8601, UTC, with milliseconds. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const HEAD = /^\{"chain":"[a-z2-7]{16}","seq":\d+,"at":"([^"]{24})"/;
const CHECKPOINT =
  /^\{"chain":"[a-z2-7]{16}","seq":\d+,"at":"[^"]{24}","previous":"[0-9a-f]{64}","checkpoint":/;
/** The longest that these take of a line. */
const HEAD_LENGTH = 200;

interface Bounds {
  /** Lines of the chain, counted from 0. */
  readonly first: number;
  readonly last: number;
}

async function* linesOf(directory: string): AsyncGenerator<{ bytes: Buffer; head: string; at: string }> {
  for (const path of segmentsOf(directory)) {
    for await (const { bytes, whole } of readLines(path)) {
      const head = bytes.toString('latin1', 0, HEAD_LENGTH);
      if (whole) yield { bytes, head, at: HEAD.exec(head)?.[1] ?? '' };
    }
  }
}

/**
 * The lines that hold a time and what vouches for them: from the checkpoint before the first to the one after the last. A clock that
 * was set back makes it more than was asked for; a chain has no holes.
 */
async function findBounds(directory: string, { from, to }: TimeRange): Promise<Bounds | undefined> {
  let [index, checkpoint, first, last] = [0, 0, -1, -1];
  let sealed = true;
  for await (const { head, at } of linesOf(directory)) {
    const isCheckpoint = CHECKPOINT.test(head);
    const inRange = at >= from && at < to;
    if (inRange && first < 0) first = checkpoint;
    if (inRange || (!sealed && first >= 0)) last = index;
    if (inRange) sealed = isCheckpoint;
    else if (isCheckpoint) sealed = true;
    if (isCheckpoint) checkpoint = index;
    index += 1;
  }
  return first < 0 ? undefined : { first, last };
}

/**
 * The records of a time, of every chain, as an export: lines that verify by themselves.
 *
 * @throws what the operating system says of the directory
 */
export async function* exportRecords(auditDirectory: string, range: TimeRange): AsyncGenerator<Buffer> {
  for (const chain of chainsOf(auditDirectory)) {
    const directory = join(auditDirectory, chain);
    const bounds = await findBounds(directory, range);
    if (bounds === undefined) continue;
    let index = 0;
    for await (const { bytes } of linesOf(directory)) {
      if (index >= bounds.first && index <= bounds.last) yield bytes;
      index += 1;
    }
  }
}
