import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeHex, randomBytes } from '@keywright/crypto';

/**
 * Writes a file of mode 0600 unless one of that name is there already, which is left as it is. The file appears whole
 * and on the disk, or not at all: a process killed at its first start leaves no half main key that stops the second.
 */
export function writeOnce(path: string, text: string): void {
  const draft = `${path}.${encodeHex(randomBytes(8)).toLowerCase()}`;
  try {
    writeToDisk(draft, text);
    // Refuses a name that is taken, even by a process that came a moment earlier.
    linkSync(draft, path);
  } catch (error) {
    if (!isExisting(error)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(path));
}

function writeToDisk(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A new file's name is on the disk only when its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
