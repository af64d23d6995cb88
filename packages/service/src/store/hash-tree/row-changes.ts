import type { DatabaseSync } from 'node:sqlite';
import type { Row, Value } from '../database.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { countDigest, countName, readCount, rowDigest, rowName } from './digest.ts';
import type { Update } from './hash-tree.ts';
import type { Table } from './tables.ts';

interface RowChange {
  readonly table: Table;
  readonly row: Row;
  readonly name: Buffer;
  readonly before: Buffer | undefined;
  after: Buffer | undefined;
}

const same = (one: Buffer | undefined, other: Buffer | undefined) =>
  one === undefined || other === undefined ? one === other : one.equals(other);

function rowUpdate({ table, row, name, before, after }: RowChange): Update {
  return {
    name,
    next(current) {
      if (same(current, before)) return after;
      throw new TamperedDatabaseError('a record is not the one that this service wrote', { table, row });
    },
  };
}

function countUpdate(name: Buffer, difference: number): Update {
  return {
    name,
    next(current) {
      const count = readCount(current) + difference;
      return count === 0 ? undefined : countDigest(count);
    },
  };
}

const valuesOf = (row: Row, columns: readonly string[]) => columns.map((column) => row[column]!);

/** Rows that were inserted, changed and deleted, as what they change in the tree. */
export class RowChanges {
  #rows = new Map<string, RowChange>();
  #counts = new Map<string, { readonly name: Buffer; difference: number }>();

  /** Notes every row that is changed through a connection from now on, by triggers that only this connection has. */
  follow(connection: DatabaseSync, tables: ReadonlyMap<string, Table>): void {
    connection.function('row_changed', { varargs: true }, (name, change, ...values) => {
      this.#note(tables.get(String(name))!, String(change), values as Value[]);
      return null;
    });
    for (const table of tables.values()) connection.exec(triggersOf(table));
  }

  /** What was noted, for the tree; and begins anew. */
  take(): Update[] {
    const counts = [...this.#counts.values()].filter(({ difference }) => difference !== 0);
    const updates = [
      ...Array.from(this.#rows.values(), rowUpdate),
      ...counts.map(({ name, difference }) => countUpdate(name, difference)),
    ];
    this.clear();
    return updates;
  }

  clear(): void {
    this.#rows = new Map();
    this.#counts = new Map();
  }

  #note(table: Table, change: string, values: readonly Value[]): void {
    const rowAt = (start: number): Row =>
      Object.fromEntries(table.columns.map((column, i) => [column, values[start + i]!]));
    if (change !== 'INSERT') this.#remove(table, rowAt(0));
    if (change !== 'DELETE') this.add(table, rowAt(change === 'INSERT' ? 0 : table.columns.length));
  }

  /** Notes a row that is new. */
  add(table: Table, row: Row): void {
    this.#put(table, row, undefined, rowDigest(row));
    this.#count(table, row, 1);
  }

  #remove(table: Table, row: Row): void {
    this.#put(table, row, rowDigest(row), undefined);
    this.#count(table, row, -1);
  }

  #put(table: Table, row: Row, before: Buffer | undefined, after: Buffer | undefined): void {
    const name = rowName(table.name, valuesOf(row, table.key));
    const id = name.toString('latin1');
    const noted = this.#rows.get(id);
    if (noted === undefined) this.#rows.set(id, { table, row, name, before, after });
    else noted.after = after;
  }

  #count(table: Table, row: Row, difference: number): void {
    for (const columns of table.counted) {
      const name = countName(table.name, columns, valuesOf(row, columns));
      const id = name.toString('latin1');
      const noted = this.#counts.get(id);
      if (noted === undefined) this.#counts.set(id, { name, difference });
      else noted.difference += difference;
    }
  }
}

function triggersOf({ name, columns }: Table): string {
  const old = columns.map((column) => `OLD.${column}`);
  const now = columns.map((column) => `NEW.${column}`);
  const trigger = (change: string, values: readonly string[]) =>
    `CREATE TEMP TRIGGER ${name}_${change} AFTER ${change} ON main.${name} BEGIN SELECT row_changed('${name}', '${change}', ${values.join(', ')}); END;`;
  return [trigger('INSERT', now), trigger('UPDATE', [...old, ...now]), trigger('DELETE', old)].join('\n');
}
