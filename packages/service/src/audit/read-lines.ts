import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditRecord, CHECKPOINTS_NAME, parseLine } from './record.ts';
import { chainsOf, segmentsOf } from './tail.ts';

/** A line of an audit file, as its bytes are; records are hashed as bytes. */
export interface Line {
  readonly bytes: Buffer;
  /** False for what stands after the last line feed: it is being written, or was cut off. */
  readonly whole: boolean;
}

const LINE_FEED = 10;

/** The lines of a file. Only a line feed ends one: texts in records may hold what else is taken for the end of a line. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let feed = bytes.indexOf(LINE_FEED); feed >= 0; feed = bytes.indexOf(LINE_FEED, start)) {
      yield { bytes: bytes.subarray(start, feed), whole: true };
      start = feed + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { bytes: rest, whole: false };
}

/** The files of records of an audit: those of each chain in order, or an export itself. */
export function recordFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return chainsOf(path).flatMap((chain) => segmentsOf(join(path, chain)));
}

/** The checkpoints in a file of them, one a line. */
export function readCheckpoints(path: string): AuditRecord[] {
  const records = readFileSync(path, 'utf8').split('\n').map(parseLine);
  return records.filter((record) => record?.checkpoint !== undefined) as AuditRecord[];
}

/** The checkpoints that lie beside the chains of an audit directory. */
export function copiedCheckpoints(auditDirectory: string): AuditRecord[] {
  return chainsOf(auditDirectory).flatMap((chain) => {
    const path = join(auditDirectory, chain, CHECKPOINTS_NAME);
    return statSync(path, { throwIfNoEntry: false }) ? readCheckpoints(path) : [];
  });
}
