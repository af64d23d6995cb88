import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { encodeHex, randomBytes } from '@keywright/crypto';

/**
 * Writes a file of mode 0600 unless one of that name is there already, which is left as it is. The file appears whole
 * and on the disk, or not at all: a process killed at its first start leaves no half-written file that stops the second.
 */
export function writeOnce(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${encodeHex(randomBytes(8)).toLowerCase()}`;
  try {
    writeToDisk(draft, content);
    // Refuses a name that is taken, even by a process that came a moment earlier.
    linkSync(draft, path);
  } catch (error) {
    if (!isExisting(error)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(path));
}

/**
 * Puts a file of mode 0600 in the place of the one of that name, if any: there is either the one or the other, whatever happens.
 * The content that is replaced is overwritten then; what a disk keeps of it by itself is not in our hands.
 */
export function replaceFile(path: string, content: string): void {
  const draft = `${path}.${encodeHex(randomBytes(8)).toLowerCase()}`;
  writeToDisk(draft, content);
  const before = existsSync(path) ? openSync(path, 'r+') : undefined;
  renameSync(draft, path);
  syncDirectory(dirname(path));
  if (before !== undefined) overwrite(before);
}

/** Takes a file away and overwrites what was in it, in this order: whoever comes after a crash finds it whole, or not at all. */
export function destroyFile(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  rmSync(path);
  syncDirectory(dirname(path));
  overwrite(file);
}

function overwrite(file: number): void {
  try {
    writeSync(file, new Uint8Array(fstatSync(file).size), 0, undefined, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeToDisk(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, content);
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

/** Group or others have rights to a file that holds a secret. */
export class NotPrivateError extends Error {
  override readonly name = 'NotPrivateError';
}

/**
 * Reads a file that holds a secret; looks at the mode of the very file that it then reads.
 *
 * @throws NotPrivateError when others than its owner have rights to it
 */
export function readPrivateFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const mode = fstatSync(file).mode & 0o777;
    if ((mode & 0o077) === 0) return readFileSync(file);
    const octal = mode.toString(8).padStart(4, '0');
    throw new NotPrivateError(
      `${path} has mode ${octal}: group and others must have no rights to it (chmod 600), and a secret that they could read should be replaced`,
    );
  } finally {
    closeSync(file);
  }
}
