import { DatabaseSync } from 'node:sqlite';

/**
 * Holds a lock file, made when it is not there, until disposed of; undefined when another process, or another part of this one,
 * holds it.
 *
 * The lock is SQLite's on an empty database, which the operating system gives back when the process ends, however it ends.
 * A file with a process id in it would outlive a kill, and in containers every service has the same id.
 */
export function holdLock(path: string): Disposable | undefined {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it, so there is nothing to roll back.
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}

/** SQLITE_BUSY (sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
