import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** Writes a file that its owner alone may read: the whole of it or nothing, and on disk when this returns. */
export function writePrivateFile(path: string, content: Uint8Array): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode: 0o600 });
  sync(draft);
  renameSync(draft, path);
  sync(dirname(path));
}

/**
 * Reads a file that holds a secret.
 *
 * @throws Error when others than its owner may read it
 */
export function readPrivateFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    if ((fstatSync(file).mode & 0o077) === 0) return readFileSync(file);
    throw new Error(`${path} may be read or written by others than its owner; run: chmod 600 ${path}`);
  } finally {
    closeSync(file);
  }
}
