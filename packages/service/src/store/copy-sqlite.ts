import { closeSync, openSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { TamperedDatabaseError } from './errors.ts';
import { HashTree } from './hash-tree/hash-tree.ts';
import { nodesIn } from './hash-tree/nodes-in.ts';
import { PinnedRoot, pinnedContent, rootPathOf } from './hash-tree/pinned-root.ts';

const BUSY_MILLISECONDS = 5000;
/** Pages that are copied in one step: all of them, so that they are of one moment however much is written meanwhile. */
const ALL_PAGES = 2 ** 31 - 1;
/** How often, and after how many milliseconds, another moment is tried: the root is written beside the database, a moment before. */
const TRIES = 50;
const RETRY_TIME = 5;

/** Begins to read the database as it is at a moment at which it has the root that is pinned. @returns that root */
async function beginAtPinned(source: DatabaseSync, pinned: PinnedRoot): Promise<Buffer> {
  const tree = new HashTree(nodesIn(source));
  for (let left = TRIES; left > 0; left -= 1) {
    source.exec('BEGIN');
    const root = tree.storedRoot;
    if (pinned.read().roots.some((each) => each.equals(root))) return root;
    source.exec('ROLLBACK');
    await setTimeout(RETRY_TIME);
  }
  throw new TamperedDatabaseError(
    'the database is not the one that this service left; no backup is made of it',
  );
}

/**
 * Copies the database of a store that is in use, as it is at one moment, into a new file of mode 0600. Readers and writers go on; the work
 * is done beside the event loop.
 *
 * @returns what goes into the file of the copy's root
 * @throws TamperedDatabaseError when the database is not the one whose root is pinned
 */
export async function copySqlite(path: string, copy: string): Promise<string> {
  closeSync(openSync(copy, 'wx', 0o600));
  using pinned = new PinnedRoot(rootPathOf(path));
  using source = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MILLISECONDS });
  const root = await beginAtPinned(source, pinned);
  await backup(source, copy, { rate: ALL_PAGES });
  return pinnedContent(root);
}
