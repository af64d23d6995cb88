import type { DatabaseSync } from 'node:sqlite';
import type { Row, Value } from '../database.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { countDigest, countName, readCount, rowDigest, rowName } from './digest.ts';
import type { Update } from './hash-tree.ts';
import type { Table } from './tables.ts';

const same = (one: Buffer | undefined, other: Buffer | undefined) =>
  one === undefined || other === undefined ? one === other : one.equals(other);

/** A row's digest before and after. */
class RowChange implements Update {
  readonly name: Buffer;
  readonly #before: Buffer | undefined;
  after: Buffer | undefined;
  /** As it was read; none of one that is new. */
  readonly #found: { readonly table: Table; readonly row: Row } | undefined;

  constructor(name: Buffer, after: Buffer | undefined, found?: { readonly table: Table; readonly row: Row }) {
    this.name = name;
    this.#before = found && rowDigest(found.row);
    this.after = after;
    this.#found = found;
  }

  next(current: Buffer | undefined): Buffer | undefined {
    if (same(current, this.#before)) return this.after;
    throw new TamperedDatabaseError('a record is not the one that this service wrote', this.#found);
  }
}

class CountChange implements Update {
  readonly name: Buffer;
  difference = 0;

  constructor(name: Buffer) {
    this.name = name;
  }

  next(current: Buffer | undefined): Buffer | undefined {
    const count = readCount(current) + this.difference;
    if (count < 0) throw new TamperedDatabaseError('more records are gone than were written');
    return count === 0 ? undefined : countDigest(count);
  }
}

const valuesOf = (row: Row, columns: readonly string[]) => columns.map((column) => row[column]!);
const nameOf = ({ name, key }: Table, row: Row) => rowName(name, valuesOf(row, key));
const idOf = (name: Buffer) => name.toString('latin1');

/** Rows that were inserted, changed and deleted, as what that changes in the tree. */
export class RowChanges {
  #rows = new Map<string, RowChange>();
  #counts = new Map<string, CountChange>();

  /** Notes a row that is new. */
  add(table: Table, row: Row): void {
    this.#put(new RowChange(nameOf(table, row), rowDigest(row)));
    this.#countAll(table, row, 1);
  }

  /** Notes a row that is gone. */
  remove(table: Table, row: Row): void {
    this.#put(new RowChange(nameOf(table, row), undefined, { table, row }));
    this.#countAll(table, row, -1);
  }

  /** Notes what was noted elsewhere, after what was noted here; it is gone there. */
  take(others: RowChanges): void {
    const [rows, counts] = [others.#rows, others.#counts];
    [others.#rows, others.#counts] = [new Map(), new Map()];
    if (this.#rows.size === 0 && this.#counts.size === 0) {
      [this.#rows, this.#counts] = [rows, counts];
      return;
    }
    for (const change of rows.values()) this.#put(change);
    for (const { name, difference } of counts.values()) this.#count(name, difference);
  }

  get updates(): Update[] {
    const counts = [...this.#counts.values()].filter(({ difference }) => difference !== 0);
    return [...this.#rows.values(), ...counts];
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
    if (noted === undefined) this.#rows.set(id, change);
    else noted.after = change.after;
  }

  #countAll(table: Table, row: Row, difference: number): void {
    for (const columns of table.counted)
      this.#count(countName(table.name, columns, valuesOf(row, columns)), difference);
  }

  #count(name: Buffer, difference: number): void {
    const id = idOf(name);
    const noted = this.#counts.get(id) ?? new CountChange(name);
    this.#counts.set(id, noted);
    noted.difference += difference;
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
