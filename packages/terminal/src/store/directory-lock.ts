import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inUse } from './terminal-store.ts';

/**
 * Holds a directory for one terminal: two on one store would use the same transaction keys. SQLite's exclusive lock is the
 * operating system's own, so that it goes with the process, however that ends.
 *
 * @throws Error when another terminal holds the directory
 */
export function lockDirectory(directory: string): Disposable {
  const lock = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw inUse(cause);
  }
  return { [Symbol.dispose]: () => lock.close() };
}
