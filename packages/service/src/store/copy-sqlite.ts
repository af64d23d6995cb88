import { closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';

const BUSY_MILLISECONDS = 5000;
/** Pages that are copied in one step: all of them, so that they are of one moment however much is written meanwhile. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies the database of a store that is in use, as it is at one moment, into a new file of mode 0600. Readers and writers go on; the work
 * is done beside the event loop.
 */
export async function copySqlite(path: string, copy: string): Promise<void> {
  closeSync(openSync(copy, 'wx', 0o600));
  const source = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MILLISECONDS });
  try {
    await backup(source, copy, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}
