// A database with a row in every table, and somebody who writes to it behind the service.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { insertInto, type Row, type Statement } from '../../src/store/database.ts';
import type { GuardedConnection } from '../../src/store/hash-tree/guarded-connection.ts';
import { openGuarded } from '../../src/store/hash-tree/open-guarded.ts';
import { tablesOf } from '../../src/store/hash-tree/tables.ts';
import { newFolder } from './folder.ts';

export interface Guarded extends Disposable {
  readonly path: string;
  readonly guarded: GuardedConnection;
  /** Of the intruder, who has nothing but the database file. */
  readonly intruder: DatabaseSync;
  /** Opens the database once more, as another process would. */
  again(): GuardedConnection;
  close(): void;
}

/** Foreign keys are off, so that every table can have a row by itself. */
export function openAlone(path: string): GuardedConnection {
  const connection = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  connection.exec('PRAGMA journal_mode = WAL');
  try {
    return openGuarded(connection, `${path}-root`);
  } catch (error) {
    connection.close();
    throw error;
  }
}

export function newGuarded(): Guarded {
  const path = join(newFolder(), 'keys.db');
  const guarded = openAlone(path);
  const intruder = new DatabaseSync(path, { enableForeignKeyConstraints: false, defensive: false });
  intruder.exec('PRAGMA synchronous = OFF');
  const opened: { close(): void }[] = [guarded, intruder];
  const close = () => {
    for (const each of opened.splice(0)) each.close();
  };
  return {
    path,
    guarded,
    intruder,
    again() {
      const other = openAlone(path);
      opened.push(other);
      return other;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** As one transaction. */
export function write(guarded: GuardedConnection, ...statements: readonly Statement[]): boolean {
  try {
    guarded.begin();
    const kept = guarded.keep(statements);
    if (kept) guarded.commit();
    else guarded.rollback();
    return kept;
  } catch (error) {
    guarded.rollback();
    throw error;
  }
}

/** What a table has: its columns with a value of their type each, made of a number. */
export function someRow(connection: DatabaseSync, table: string, seed: number): Row {
  const columns = connection.prepare('SELECT name, type FROM pragma_table_info(?)').all(table);
  const value = (type: string) =>
    type === 'BLOB'
      ? new Uint8Array(Buffer.from(`bytes ${seed}`))
      : type === 'INTEGER'
        ? 1000 + seed
        : `text ${seed}`;
  return Object.fromEntries(columns.map(({ name, type }) => [String(name), value(String(type))]));
}

export function byKey(table: string, key: readonly string[], row: Row): Statement {
  return {
    sql: `SELECT * FROM ${table} WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`,
    values: key.map((column) => row[column]!),
  };
}

export { insertInto, tablesOf };
