import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { mainKeyPath } from '../custody/main-key-files.ts';
import { holdLock } from '../file-lock.ts';
import { destroyFile, writeOnce } from '../private-file.ts';
import { DATABASE } from '../store/database-file.ts';
import { BackupError } from './backup-error.ts';
import type { Backup } from './backup-file.ts';
import { checkTag, ROOT } from './manifest.ts';
import type { RestoredMainKey } from './restored-main-key.ts';

const LOCK = 'lock';

/** @throws BackupError when there is anything in the directory */
export function assertEmpty(directory: string): void {
  const found = existsSync(directory) ? readdirSync(directory) : [];
  if (found.length === 0) return;
  const message = `${directory} is not empty (${found[0]}): a backup is restored into an empty data directory, or one that is not there yet`;
  throw new BackupError('NOT_EMPTY', message);
}

/** A directory beside the one that it will be; what an earlier restore left in it is destroyed. */
function holdDraft(draft: string): Disposable {
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const lock = holdLock(join(draft, LOCK));
  if (lock === undefined) throw new BackupError('BUSY', `another restore is under way in ${draft}`);
  empty(draft);
  return lock;
}

/** A main key is overwritten; what else there is, is sealed. */
function empty(draft: string): void {
  for (const name of readdirSync(draft).filter((one) => one !== LOCK)) {
    if (name.startsWith('main-key')) destroyFile(join(draft, name));
    rmSync(join(draft, name), { force: true });
  }
}

async function sync(
  path: string,
  flags: 'r' | 'wx',
  write?: (file: FileHandle) => Promise<void>,
): Promise<void> {
  await using file = await open(path, flags, 0o600);
  await write?.(file);
  await file.sync();
}

async function writeParts(backup: Backup, { content }: RestoredMainKey, draft: string): Promise<void> {
  for (const name of [DATABASE, ROOT]) await sync(join(draft, name), 'wx', (file) => backup.copy(name, file));
  writeOnce(mainKeyPath(draft, backup.manifest.mainKey.kind), content);
}

/** Puts the draft in the place of the empty directory, in one step. */
async function putInPlace(draft: string, directory: string): Promise<void> {
  try {
    renameSync(draft, directory);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOTEMPTY' || code === 'EEXIST') assertEmpty(directory);
    if (code !== 'EBUSY' && code !== 'EXDEV' && code !== 'EACCES' && code !== 'EPERM') throw cause;
    const message = `${directory} cannot be put in its place in one step (${code}): it is a mount point, or the directory above it may not be written; restore into a directory below it, and set KEYWRIGHT_DATA_DIR to that`;
    throw new BackupError('NO_PLACE', message, { cause });
  }
  await sync(dirname(directory), 'r');
}

/**
 * Restores a backup as a data directory. The tag is checked before anything is written; the directory is then empty, or not there, until
 * all of it is written and on the disk, whatever happens.
 *
 * @throws BackupError
 */
export async function restoreBackup(
  backup: Backup,
  mainKey: RestoredMainKey,
  directory: string,
): Promise<void> {
  assertEmpty(directory);
  await checkTag(backup, mainKey.provider);
  mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
  const draft = join(dirname(directory), `.${basename(directory)}.restoring`);
  using _lock = holdDraft(draft);
  try {
    await writeParts(backup, mainKey, draft);
    await sync(draft, 'r');
    await putInPlace(draft, directory);
  } catch (error) {
    if (existsSync(draft)) empty(draft);
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}
