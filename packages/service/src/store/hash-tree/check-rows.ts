import { setTimeout } from 'node:timers/promises';
import { type OnTampered, TamperedDatabaseError } from '../errors.ts';
import type { GuardedConnection } from './guarded-connection.ts';
import type { Table } from './tables.ts';

/** Rows that are looked at before others have their turn: a millisecond or two. */
const BATCH = 100;
/** Milliseconds of rest after each batch. */
const REST = 10;

function tell(look: () => unknown, onTampered: OnTampered): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof TamperedDatabaseError)) throw error;
    onTampered(error);
  }
}

async function checkTable(
  connection: GuardedConnection,
  table: Table,
  onTampered: OnTampered,
  signal: AbortSignal,
): Promise<void> {
  const sql = `SELECT * FROM ${table.name} WHERE ${table.key.map((column) => `${column} = ?`).join(' AND ')}`;
  for (let keys = connection.keysOf(table, undefined, BATCH); keys.length > 0; ) {
    for (const values of keys) tell(() => connection.read({ sql, values }), onTampered);
    await setTimeout(REST);
    if (signal.aborted) return;
    keys = connection.keysOf(table, keys.at(-1), BATCH);
  }
  tell(() => connection.checkCount(table), onTampered);
}

/** Looks at every row of every table, and at how many there are. */
export async function checkRows(
  connection: GuardedConnection,
  onTampered: OnTampered,
  signal: AbortSignal,
): Promise<void> {
  for (const table of connection.tables) {
    if (signal.aborted) return;
    await checkTable(connection, table, onTampered, signal);
  }
}
