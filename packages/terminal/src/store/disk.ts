import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The few things that a store does to a disk, one by one, so that a test can cut the power between any two of them. What was
 * written lasts after `sync`; a name that was made or moved lasts after `syncNames`.
 */
export interface Disk {
  /** @returns undefined when there is no such file */
  read(name: string): Uint8Array | undefined;
  write(name: string, bytes: Uint8Array): void;
  sync(name: string): void;
  rename(from: string, to: string): void;
  syncNames(): void;
}

function withHandle(path: string, flags: string, use: (handle: number) => void): void {
  const handle = openSync(path, flags, 0o600);
  try {
    use(handle);
  } finally {
    closeSync(handle);
  }
}

function readIfAny(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** A directory of the file system; its files are for their owner alone. */
export function directoryDisk(directory: string): Disk {
  const pathOf = (name: string) => join(directory, name);
  return {
    read: (name) => readIfAny(pathOf(name)),
    write: (name, bytes) =>
      withHandle(pathOf(name), 'w', (handle) => {
        for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
      }),
    sync: (name) => withHandle(pathOf(name), 'r+', fsyncSync),
    rename: (from, to) => renameSync(pathOf(from), pathOf(to)),
    syncNames: () => withHandle(directory, 'r', fsyncSync),
  };
}

/** Replaces a file as a whole: after a power cut at any moment it is the old one or the new one. On return it is on the disk. */
export function replaceFile(disk: Disk, name: string, bytes: Uint8Array): void {
  const fresh = `${name}.new`;
  disk.write(fresh, bytes);
  disk.sync(fresh);
  disk.rename(fresh, name);
  disk.syncNames();
}
