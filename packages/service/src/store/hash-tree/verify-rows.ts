import type { Row, Value } from '../database.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { countName, rowDigest, rowName } from './digest.ts';
import type { Select } from './select.ts';
import type { Table } from './tables.ts';

/** What is known of rows without asking the database. */
export interface Known {
  digestOf(name: Buffer): Buffer | undefined;
  countOf(name: Buffer): number;
}

/** An index that was changed gives a row that was written, but not the one that was asked for. */
function verifyRow(table: Table, row: Row, { equal }: Select, values: readonly Value[], known: Known): void {
  const key = table.key.map((column) => row[column]!);
  const isAsked = equal.every((column, i) => row[column] === values[i]);
  if (isAsked && known.digestOf(rowName(table.name, key))?.equals(rowDigest(row))) return;
  throw new TamperedDatabaseError('a record is not the one that this service wrote', { table, row });
}

/** @throws TamperedDatabaseError when there are not as many rows with these values as were written */
export function verifyCount(
  { name }: Table,
  columns: readonly string[],
  values: readonly Value[],
  count: number,
  known: Known,
): void {
  if (known.countOf(countName(name, columns, values)) === count) return;
  throw new TamperedDatabaseError(`records of ${name} are gone, or were added`);
}

/** Did the query give all rows that have its first values? */
function isWhole(
  { equal, others, limited }: Select,
  values: readonly Value[],
  rows: readonly Row[],
): boolean {
  const isFromStart = others === 'none' || (others === 'after' && !values[equal.length]);
  return isFromStart && !(limited && rows.length >= Number(values.at(-1)));
}

/** Is what a query gave what was written, and is nothing missing, as far as that can be told? @throws TamperedDatabaseError */
export function verifyRows(
  table: Table,
  select: Select,
  values: readonly Value[],
  rows: readonly Row[],
  known: Known,
): void {
  for (const row of rows) verifyRow(table, row, select, values, known);
  const { equal, others } = select;
  const given = values.slice(0, equal.length);
  const isCounted = table.counted.some((columns) => String(columns) === String(equal));
  if (isCounted && isWhole(select, values, rows)) verifyCount(table, equal, given, rows.length, known);
  const isByKey = others === 'none' && String(equal) === String(table.key);
  if (isByKey && rows.length === 0 && known.digestOf(rowName(table.name, given)))
    throw new TamperedDatabaseError('a record is gone');
}
