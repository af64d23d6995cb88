import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { SEALED_TABLES } from '../../src/store/sealed-tables.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newFolder } from './folder.ts';

/** Columns of bytes that rotation does not go over, and why. */
const NOT_SEALED: Record<string, string> = {
  'retiring_main_keys.wrapped': 'the main key that a rotation ends with: it goes with the rotation',
  'row_tree.content': 'digests of the other tables’ rows',
};

test('every column with bytes is sealed and in the list of sealed tables, or known for what it is', async () => {
  const path = join(newFolder(), 'keys.db');
  await openSqliteStore(path).close();
  const database = new DatabaseSync(path);
  const columns = database
    .prepare(
      "SELECT t.name || '.' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type = 'BLOB'",
    )
    .all()
    .map(({ name }) => String(name));
  const listed = Object.keys(SEALED_TABLES).map((table) => `${table}.sealed`);
  assert.deepEqual(columns.toSorted(), [...listed, ...Object.keys(NOT_SEALED)].toSorted());
  for (const [table, { position }] of Object.entries(SEALED_TABLES)) {
    const keys = database
      .prepare(`SELECT name FROM pragma_table_info('${table}') WHERE pk > 0 ORDER BY pk`)
      .all();
    assert.deepEqual(
      keys.map(({ name }) => name),
      position,
      `the primary key of ${table}`,
    );
  }
  database.close();
});
