import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Database, Row, Statement } from './database.ts';
import { sqlStore } from './sql-store.ts';
import { migrate } from './sqlite-schema.ts';
import { DuplicateRecordError, type Store } from './store.ts';

// Extended result codes of SQLite (sqlite.org/rescode.html).
const CONSTRAINT_PRIMARYKEY = 1555;

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
 * The store in one SQLite file, with its write-ahead log beside it; created when it is not there. Mode 0600.
 *
 * @throws Error when the file is no database, or a later release's
 */
export function openSqliteStore(path: string): Store {
  keepPrivate(path);
  const connection = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS });
  try {
    connection.exec(SETTINGS);
    migrate(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
  return sqlStore(sqliteDatabase(connection));
}

/**
 * SQLite gives the log and its index the mode of the database file. An existing file is not opened here: closing it
 * would end the locks that another connection of this process holds on it (sqlite.org/howtocorrupt.html, 2.2).
 */
function keepPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

function sqliteDatabase(connection: DatabaseSync): Database {
  const prepared = new Map<string, StatementSync>();

  function run({ sql, values }: Statement): Row[] {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      prepared.set(sql, statement);
    }
    return statement.all(...values) as Row[];
  }

  return {
    async query<R extends Row>(statement: Statement) {
      return run(statement) as R[];
    },
    async atomically(statements) {
      run(BEGIN);
      try {
        const found = statements.every((statement) => run(statement).length > 0 || !statement.required);
        run(found ? COMMIT : ROLLBACK);
        return found;
      } catch (error) {
        // Some failures, a full disk among them, have ended the transaction already.
        if (connection.isTransaction) run(ROLLBACK);
        throw isDuplicate(error)
          ? new DuplicateRecordError('a record of that name is there', { cause: error })
          : error;
      }
    },
    async close() {
      connection.close();
    },
  };
}

const BEGIN: Statement = { sql: 'BEGIN IMMEDIATE', values: [] };
const COMMIT: Statement = { sql: 'COMMIT', values: [] };
const ROLLBACK: Statement = { sql: 'ROLLBACK', values: [] };

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === CONSTRAINT_PRIMARYKEY;
}
