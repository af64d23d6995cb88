import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { CommitGroup } from './commit-group.ts';
import type { Database, Row, Statement } from './database.ts';
import {
  DuplicateRecordError,
  type OnTampered,
  StoreUnavailableError,
  TamperedDatabaseError,
} from './errors.ts';
import { checkRows } from './hash-tree/check-rows.ts';
import type { GuardedConnection } from './hash-tree/guarded-connection.ts';
import { openGuarded } from './hash-tree/open-guarded.ts';
import { rootPathOf } from './hash-tree/pinned-root.ts';
import { sqlStore } from './sql-store.ts';
import type { Store } from './store.ts';

// Result codes of SQLite (sqlite.org/rescode.html); the low byte of an extended one is the primary one.
const CONSTRAINT_PRIMARYKEY = 1555;
const UNAVAILABLE = { BUSY: 5, LOCKED: 6, READONLY: 8, IOERR: 10, FULL: 13, CANTOPEN: 14 };

/**
 * How every connection works: readers beside the writer, each commit on the disk before it is answered, references held,
 * and deleted rows overwritten, so that the sealed bytes of a destroyed key don't stay behind in free pages.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`;
/** How long to wait for another process that is writing. */
const BUSY_MILLISECONDS = 5000;

/**
 * The store in one SQLite file, with its write-ahead log and the file of its root beside it; created when it is not there. Mode 0600.
 *
 * @param onTampered is told whenever what is read is not what this service wrote
 * @throws TamperedDatabaseError when the database is not the one whose root is in the file
 * @throws Error when the file is no database, or a later release's
 */
export function openSqliteStore(path: string, onTampered: OnTampered = () => undefined): Store {
  keepPrivate(path);
  const connection = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
  try {
    connection.exec(SETTINGS);
    return sqlStore(sqliteDatabase(openGuarded(connection, rootPathOf(path)), onTampered));
  } catch (error) {
    connection.close();
    if (error instanceof TamperedDatabaseError) onTampered(error);
    throw error;
  }
}

/**
 * SQLite gives the log and its index the mode of the database file. An existing file is not opened here: closing it
 * would end the locks that another connection of this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
 */
function keepPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

function sqliteDatabase(connection: GuardedConnection, onTampered: OnTampered): Database {
  const group = new CommitGroup(connection);

  const failed = (error: unknown) => {
    if (error instanceof TamperedDatabaseError) onTampered(error);
    return storeError(error);
  };

  async function change(statement: Statement): Promise<Row[]> {
    let rows: Row[] = [];
    await group.run(() => {
      rows = connection.change(statement);
      return true;
    });
    return rows;
  }

  return {
    state: () => connection.state(),
    async query<R extends Row>(statement: Statement) {
      try {
        const isRead = statement.sql.startsWith('SELECT');
        return (isRead ? connection.read(statement) : await change(statement)) as R[];
      } catch (error) {
        throw failed(error);
      }
    },
    async atomically(statements) {
      try {
        return await group.run(() => connection.keep(statements));
      } catch (error) {
        throw failed(error);
      }
    },
    async check(signal) {
      await checkRows(connection, onTampered, signal);
    },
    async close() {
      group.flush();
      connection.close();
    },
  };
}

/** The error as the store's users know it; one that they don't, as it is. */
function storeError(cause: unknown): unknown {
  const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0;
  if (code === CONSTRAINT_PRIMARYKEY)
    return new DuplicateRecordError('a record of that name is there', { cause });
  if (!Object.values(UNAVAILABLE).includes(code & 0xff)) return cause;
  return new StoreUnavailableError('the database is busy, or has no room or no rights to write', { cause });
}
