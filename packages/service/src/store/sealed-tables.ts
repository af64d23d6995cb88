import { type AccessKeyRow, accessKeyRecord } from './access-keys.ts';
import { type AuthorityRow, authorityRecord } from './authorities.ts';
import { type ComponentRow, componentRecord } from './ceremonies.ts';
import type { CustodyStore, Reseal, SealedRecords, SealedRow, SealedTable } from './custody-store.ts';
import { type Database, isAfter, type Row, type Statement, type Value } from './database.ts';
import { type DocumentRow, documentRecord } from './documents.ts';
import { type KeyRow, keyRecord, type TokenRow, tokenRecord } from './rows.ts';

interface Entry<Record> {
  /** The columns of its primary key, in their order. */
  readonly position: readonly string[];
  record(row: never): Record;
}

/**
 * Every table with bytes that are sealed under the main key, in its column `sealed`. What rotates the main key walks this
 * list, so a table that it lacks would be lost with the old key; a test holds it against the schema.
 */
export const SEALED_TABLES: { readonly [Table in SealedTable]: Entry<SealedRecords[Table]> } = {
  keys: { position: ['region', 'key_id'], record: (row: KeyRow) => keyRecord(row) },
  tokens: { position: ['region', 'token_id'], record: (row: TokenRow) => tokenRecord(row) },
  authorities: { position: ['region', 'generation'], record: (row: AuthorityRow) => authorityRecord(row) },
  access_keys: { position: ['user_name'], record: (row: AccessKeyRow) => accessKeyRecord(row) },
  documents: { position: ['kind', 'id'], record: (row: DocumentRow) => documentRecord(row) },
  ceremony_components: {
    position: ['region', 'ceremony_id', 'number'],
    record: (row: ComponentRow) => componentRecord(row),
  },
};

function listStatement(table: SealedTable, after: readonly Value[] | undefined, limit: number): Statement {
  const { position } = SEALED_TABLES[table];
  const columns = position.join(', ');
  const beyond = after === undefined ? '' : ` AND ${isAfter(position)}`;
  return {
    sql: `SELECT * FROM ${table} WHERE sealed IS NOT NULL${beyond} ORDER BY ${columns} LIMIT ?`,
    values: [...(after ?? []), limit],
  };
}

function resealStatement({ table, position, before, after }: Reseal): Statement {
  const conditions = SEALED_TABLES[table].position.map((column) => `${column} = ? AND `);
  return {
    sql: `UPDATE ${table} SET sealed = ? WHERE ${conditions.join('')}sealed = ?`,
    values: [after, ...position, before],
  };
}

function sealedRow<Table extends SealedTable>(table: Table, row: Row): SealedRow<Table> {
  const { position, record } = SEALED_TABLES[table];
  return {
    table,
    position: position.map((column) => row[column] as string | number),
    record: record(row as never),
    sealed: row.sealed as Uint8Array,
  };
}

export function sealedMethods(database: Database): Pick<CustodyStore, 'listSealed' | 'reseal'> {
  return {
    async listSealed(table, { after, limit }) {
      const rows = await database.query(listStatement(table, after, limit));
      return rows.map((row) => sealedRow(table, row));
    },
    async reseal(reseals) {
      await database.atomically(reseals.map(resealStatement));
    },
  };
}
