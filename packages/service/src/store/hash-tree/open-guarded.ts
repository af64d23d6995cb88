import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { TamperedDatabaseError } from '../errors.ts';
import { assertSchema, migrate, schemaVersion, TREE_VERSION } from '../sqlite-schema.ts';
import { buildTree } from './build-tree.ts';
import { GuardedConnection } from './guarded-connection.ts';
import { EMPTY_ROOT } from './hash-tree.ts';
import { PinnedRoot } from './pinned-root.ts';

/** A database that is new, or of before there was a tree; its root can only be pinned if none ever was. */
function assertUnpinned(pinned: PinnedRoot, path: string): void {
  const { roots } = pinned.read();
  if (roots.length === 2 && roots[0]!.equals(EMPTY_ROOT)) return;
  throw new TamperedDatabaseError(
    `the database is older than the root in ${path}: it was put back, or is new`,
  );
}

function begin(connection: DatabaseSync, path: string): GuardedConnection {
  const before = existsSync(path) ? new PinnedRoot(path) : undefined;
  if (before) assertUnpinned(before, path);
  migrate(connection);
  assertSchema(connection);
  const built = buildTree(connection);
  before?.intend(EMPTY_ROOT, built);
  return new GuardedConnection(connection, before ?? PinnedRoot.make(path, EMPTY_ROOT, built));
}

function proceed(connection: DatabaseSync, path: string): GuardedConnection {
  migrate(connection);
  if (!existsSync(path))
    throw new TamperedDatabaseError(
      `${path} is missing: the database belongs together with it. Copy whole data directories only, or restore a backup`,
    );
  assertSchema(connection);
  return new GuardedConnection(connection, new PinnedRoot(path));
}

/**
 * Opens a database whose rows are in a tree; one that is new, or has none yet, gets it.
 *
 * @param path of the file that the root is kept in
 * @throws TamperedDatabaseError when the database is not the one whose root that is
 */
export function openGuarded(connection: DatabaseSync, path: string): GuardedConnection {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const open = schemaVersion(connection) < TREE_VERSION ? begin : proceed;
    const guarded = open(connection, path);
    guarded.settle();
    return guarded;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
