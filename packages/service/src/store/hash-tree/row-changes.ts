import type { DatabaseSync } from 'node:sqlite';
import type { Row, Value } from '../database.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { countDigest, countName, readCount, rowDigest, rowName } from './digest.ts';
import type { Update } from './hash-tree.ts';
import type { Table } from './tables.ts';

interface RowChange {
  readonly table: Table;
  /** As it was read; none of one that is new. */
  readonly row: Row | undefined;
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
      const found = row && { table, row };
      throw new TamperedDatabaseError('a record is not the one that this service wrote', found);
    },
  };
}

function countUpdate(name: Buffer, difference: number): Update {
  return {
    name,
    next(current) {
      const count = readCount(current) + difference;
      if (count < 0) throw new TamperedDatabaseError('more records are gone than were written');
      return count === 0 ? undefined : countDigest(count);
    },
  };
}

const valuesOf = (row: Row, columns: readonly string[]) => columns.map((column) => row[column]!);
const nameOf = ({ name, key }: Table, row: Row) => rowName(name, valuesOf(row, key));
const idOf = (name: Buffer) => name.toString('latin1');

/** Rows that were inserted, changed and deleted, as what that changes in the tree. */
export class RowChanges {
  readonly #rows = new Map<string, RowChange>();
  readonly #counts = new Map<string, { readonly name: Buffer; difference: number }>();

  /** Notes a row that is new. */
  add(table: Table, row: Row): void {
    this.#put({ table, row: undefined, name: nameOf(table, row), before: undefined, after: rowDigest(row) });
    this.#countAll(table, row, 1);
  }

  /** Notes a row that is gone. */
  remove(table: Table, row: Row): void {
    this.#put({ table, row, name: nameOf(table, row), before: rowDigest(row), after: undefined });
    this.#countAll(table, row, -1);
  }

  /** Notes what was noted elsewhere, after what was noted here. */
  append(others: RowChanges): void {
    for (const change of others.#rows.values()) this.#put(change);
    for (const { name, difference } of others.#counts.values()) this.#count(name, difference);
  }

  get updates(): Update[] {
    const counts = [...this.#counts.values()].filter(({ difference }) => difference !== 0);
    return [
      ...Array.from(this.#rows.values(), rowUpdate),
      ...counts.map(({ name, difference }) => countUpdate(name, difference)),
    ];
  }

  /** What a row that was changed has come to; none of a row that was not. */
  changeOf(name: Buffer): { readonly after: Buffer | undefined } | undefined {
    return this.#rows.get(idOf(name));
  }

  differenceOf(name: Buffer): number {
    return this.#counts.get(idOf(name))?.difference ?? 0;
  }

  #put(change: RowChange): void {
    const id = idOf(change.name);
    const noted = this.#rows.get(id);
    if (noted === undefined) this.#rows.set(id, { ...change });
    else noted.after = change.after;
  }

  #countAll(table: Table, row: Row, difference: number): void {
    for (const columns of table.counted)
      this.#count(countName(table.name, columns, valuesOf(row, columns)), difference);
  }

  #count(name: Buffer, difference: number): void {
    const id = idOf(name);
    const noted = this.#counts.get(id);
    if (noted === undefined) this.#counts.set(id, { name, difference });
    else noted.difference += difference;
  }
}

/** Notes every row that is changed through a connection from now on, by triggers that only this connection has. */
export function followChanges(
  connection: DatabaseSync,
  tables: ReadonlyMap<string, Table>,
  noted: () => RowChanges,
): void {
  connection.function('row_changed', { varargs: true }, (name, change, ...values) => {
    const table = tables.get(String(name))!;
    const rowAt = (start: number): Row =>
      Object.fromEntries(table.columns.map((column, i) => [column, values[start + i] as Value]));
    if (change !== 'INSERT') noted().remove(table, rowAt(0));
    if (change !== 'DELETE') noted().add(table, rowAt(change === 'INSERT' ? 0 : table.columns.length));
    return null;
  });
  for (const table of tables.values()) connection.exec(triggersOf(table));
}

function triggersOf({ name, columns }: Table): string {
  const old = columns.map((column) => `OLD.${column}`);
  const now = columns.map((column) => `NEW.${column}`);
  const trigger = (change: string, values: readonly string[]) =>
    `CREATE TEMP TRIGGER ${name}_${change} AFTER ${change} ON main.${name} BEGIN SELECT row_changed('${name}', '${change}', ${values.join(', ')}); END;`;
  return [trigger('INSERT', now), trigger('UPDATE', [...old, ...now]), trigger('DELETE', old)].join('\n');
}
