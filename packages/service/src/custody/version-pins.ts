import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHex, randomBytes } from '@keywright/crypto';
import { writeOnce } from '../private-file.ts';

/** A record that is older than one that this service has seen, or is gone: somebody put the database back, or changed it. */
export class OutdatedRecordError extends Error {
  override readonly name = 'OutdatedRecordError';
}

/**
 * The latest version that was seen of a few records that must never be put back: kept outside of the database, so that whoever can
 * write to the database alone can't undo what they say.
 */
export interface VersionPins {
  /** Notes a version; an older one than the latest, or none where there was one, is refused. @throws OutdatedRecordError */
  check(name: string, version: number | undefined): void;
}

const LINE = /^version (\d{1,15})\n$/;

function read(path: string): number {
  if (!existsSync(path)) return 0;
  const version = LINE.exec(readFileSync(path, 'latin1'))?.[1];
  if (version === undefined) throw new OutdatedRecordError(`${path} is damaged`);
  return Number(version);
}

/** The file appears whole or not at all. */
function write(path: string, version: number): void {
  const draft = `${path}.${encodeHex(randomBytes(8)).toLowerCase()}`;
  try {
    writeOnce(draft, `version ${version}\n`);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Pins in files of a directory, `pinned-` and the record's name. */
export function openVersionPins(directory: string): VersionPins {
  const latest = new Map<string, number>();
  return {
    check(name, version = 0) {
      if (version === latest.get(name)) return;
      const path = join(directory, `pinned-${name}`);
      const pinned = Math.max(read(path), latest.get(name) ?? 0);
      if (version < pinned) {
        throw new OutdatedRecordError(
          `the record ${name} in the database is gone, or older than version ${pinned}, which was in force`,
        );
      }
      if (version > pinned) write(path, version);
      latest.set(name, version);
    },
  };
}
