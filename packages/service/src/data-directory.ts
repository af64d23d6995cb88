import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes the data directory, for its owner alone, and holds it until disposed of: two services on one directory would each
 * believe that the keys are theirs.
 *
 * The lock is SQLite's on an empty database, which the operating system gives back when the process ends, however it ends.
 * A file with a process id in it would outlive a kill, and in containers every service has the same id.
 *
 * @throws Error when another service holds the directory
 */
export function openDataDirectory(path: string): Disposable {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
  try {
    // Nothing is ever written to it, so there is nothing to roll back.
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new Error(`another keywright service is using the data directory ${path}`, { cause });
  }
  return { [Symbol.dispose]: () => lock.close() };
}
