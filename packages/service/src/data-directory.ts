import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from './file-lock.ts';

/**
 * Makes the data directory, for its owner alone, and holds it until disposed of: two services on one directory would each
 * believe that the keys are theirs.
 *
 * @throws Error when another service holds the directory
 */
export function openDataDirectory(path: string): Disposable {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = holdLock(join(path, 'lock'));
  if (lock === undefined) throw new Error(`another keywright service is using the data directory ${path}`);
  return lock;
}
