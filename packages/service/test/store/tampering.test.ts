// Somebody who can write to the database file, while the service runs or not, changes nothing unseen.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Row } from '../../src/store/database.ts';
import type { TamperedDatabaseError } from '../../src/store/errors.ts';
import { checkRows } from '../../src/store/hash-tree/check-rows.ts';
import type { GuardedConnection } from '../../src/store/hash-tree/guarded-connection.ts';
import type { Table } from '../../src/store/hash-tree/tables.ts';
import { MIGRATIONS, TREE_VERSION } from '../../src/store/sqlite-schema.ts';
import { newFolder } from './folder.ts';
import { byKey, insertInto, newGuarded, openAlone, someRow, tablesOf, write } from './guarded.ts';

const TAMPERED = { name: 'TamperedDatabaseError' };
const NEVER = new AbortController().signal;

async function found(guarded: GuardedConnection): Promise<TamperedDatabaseError[]> {
  const errors: TamperedDatabaseError[] = [];
  await checkRows(guarded, (error) => errors.push(error), NEVER);
  return errors;
}

function update(connection: DatabaseSync, { name, key }: Table, row: Row, changes: Row): void {
  const columns = Object.keys(changes);
  const sql = `UPDATE ${name} SET ${columns.map((c) => `${c} = ?`).join(', ')} WHERE ${key.map((c) => `${c} = ?`).join(' AND ')}`;
  const { changes: count } = connection
    .prepare(sql)
    .run(...Object.values(changes), ...key.map((c) => row[c]!));
  assert.equal(count, 1);
}

const other = (value: unknown) =>
  value instanceof Uint8Array ? Buffer.from('others') : typeof value === 'number' ? value + 1 : `${value}!`;

/** Every table has one row by somebody who writes by the service. */
function filled() {
  const opened = newGuarded();
  const tables = tablesOf(opened.intruder);
  const rows = new Map(
    tables.map((table) => {
      const there = opened.intruder.prepare(`SELECT * FROM ${table.name}`).get() as Row | undefined;
      return [table, there ?? someRow(opened.intruder, table.name, 1)];
    }),
  );
  for (const [{ name }, row] of rows) if (name !== 'changes') write(opened.guarded, insertInto(name, row));
  return { ...opened, rows };
}

describe('a row', () => {
  it('of every table is given as it was written, and a look at all of them finds nothing', async () => {
    using opened = filled();
    assert.ok(opened.rows.size > 25);
    for (const [{ name, key }, row] of opened.rows)
      assert.deepEqual({ ...opened.guarded.read(byKey(name, key, row))[0] }, { ...row });
    assert.deepEqual(await found(opened.guarded), []);
    assert.deepEqual(await found(opened.again()), []);
  });

  it('is refused when any of its columns was changed, and given again when that was undone', async () => {
    using opened = filled();
    for (const [table, row] of opened.rows) {
      for (const column of Object.keys(row).filter((each) => !table.key.includes(each))) {
        const query = byKey(table.name, table.key, row);
        for (const value of [other(row[column]), null]) {
          try {
            update(opened.intruder, table, row, { [column]: value });
          } catch (error) {
            assert.match(String(error), /NOT NULL/);
            continue;
          }
          assert.throws(() => opened.guarded.read(query), TAMPERED, `${table.name}.${column}`);
          update(opened.intruder, table, row, { [column]: row[column]! });
          assert.equal(opened.guarded.read(query).length, 1);
        }
      }
    }
  });

  it('that is gone is not nothing: in every table', async () => {
    using opened = filled();
    for (const [{ name, key }, row] of opened.rows) {
      opened.intruder.exec(`DELETE FROM ${name}`);
      assert.throws(() => opened.guarded.read(byKey(name, key, row)), TAMPERED, name);
    }
    assert.equal((await found(opened.guarded)).length, opened.rows.size);
  });

  it('that was added, or moved to another key, is none: in every table', async () => {
    using opened = filled();
    for (const [{ name, key }, row] of opened.rows) {
      const moved = Object.fromEntries(key.map((column) => [column, other(row[column])]));
      const added: Row = { ...someRow(opened.intruder, name, 2), ...moved };
      const { sql, values } = insertInto(name, added);
      opened.intruder.prepare(sql).run(...values);
      assert.throws(() => opened.guarded.read(byKey(name, key, added)), TAMPERED, name);
    }
    // Each as a row that nobody wrote, and in its table's count.
    assert.equal((await found(opened.guarded)).length, 2 * opened.rows.size);
  });

  it('of before is refused, digests and all: in every table', () => {
    using opened = filled();
    for (const [table, row] of opened.rows) {
      const column = table.columns.find((each) => !table.key.includes(each));
      if (column === undefined) continue;
      const nodes = opened.intruder.prepare('SELECT * FROM row_tree').all() as Row[];
      const query = byKey(table.name, table.key, row);
      write(opened.guarded, {
        sql: `UPDATE ${table.name} SET ${column} = ?`,
        values: [other(row[column])],
      });
      assert.equal(opened.guarded.read(query)[0]![column], other(row[column]));
      const after = opened.intruder.prepare('SELECT * FROM row_tree').all() as Row[];
      const put = (all: readonly Row[]) => {
        opened.intruder.exec('DELETE FROM row_tree');
        const insert = opened.intruder.prepare('INSERT INTO row_tree (node, content) VALUES (?, ?)');
        for (const { node, content } of all) insert.run(node!, content!);
      };
      update(opened.intruder, table, row, { [column]: row[column]! });
      assert.throws(() => opened.guarded.read(query), TAMPERED, table.name);
      put(nodes);
      assert.throws(() => opened.guarded.read(query), TAMPERED, table.name);
      assert.throws(() => openAlone(opened.path), TAMPERED, table.name);
      put(after);
      update(opened.intruder, table, row, { [column]: other(row[column]) });
      assert.equal(opened.guarded.read(query).length, 1);
    }
  });

  it('that somebody changed is not changed further, nor taken away, as if it were the one that was written', () => {
    using opened = filled();
    for (const [table, row] of opened.rows) {
      const [column, another] = table.columns.filter((each) => !table.key.includes(each));
      if (column === undefined || another === undefined) continue;
      update(opened.intruder, table, row, { [column]: other(row[column]) });
      const set = { sql: `UPDATE ${table.name} SET ${another} = ?`, values: [other(row[another])] };
      assert.throws(() => write(opened.guarded, set), TAMPERED, table.name);
      const remove = { sql: `DELETE FROM ${table.name}`, values: [] };
      assert.throws(() => write(opened.guarded, remove), TAMPERED, table.name);
      update(opened.intruder, table, row, { [column]: row[column]! });
      assert.ok(write(opened.guarded, set));
    }
  });

  it('is not written again where one is gone', () => {
    using opened = filled();
    for (const [{ name }, row] of opened.rows) {
      opened.intruder.exec(`DELETE FROM ${name}`);
      assert.throws(() => write(opened.guarded, insertInto(name, row)), TAMPERED, name);
    }
  });

  it('of a group is not missing: tags, decisions, exposures and what else is read in groups', () => {
    using opened = filled();
    for (const [table, row] of opened.rows) {
      const group = table.counted.find((columns) => columns.length > 0);
      if (group === undefined) continue;
      const query = byKey(table.name, group, row);
      assert.equal(opened.guarded.read(query).length, 1);
      opened.intruder.exec(`DELETE FROM ${table.name}`);
      assert.throws(() => opened.guarded.read(query), TAMPERED, table.name);
    }
  });
});

const SETTING = { setting_name: 'a', setting_value: '1' };
const find = byKey('settings', ['setting_name'], SETTING);

describe('a database', () => {
  it('that is put back whole is refused while it is open, and does not open', () => {
    using opened = newGuarded();
    write(opened.guarded, insertInto('settings', SETTING));
    opened.intruder.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(opened.path, `${opened.path}.old`);
    write(opened.guarded, { sql: 'UPDATE settings SET setting_value = ?', values: ['2'] });
    opened.close();
    copyFileSync(`${opened.path}.old`, opened.path);
    for (const rest of ['-wal', '-shm']) rmSync(`${opened.path}${rest}`, { force: true });
    assert.throws(() => openAlone(opened.path), {
      ...TAMPERED,
      message: /not the one that this service left/,
    });
  });

  it('does not open without its root, with a damaged one, or of a version of before there were roots', () => {
    using opened = newGuarded();
    const root = readFileSync(`${opened.path}-root`);
    rmSync(`${opened.path}-root`);
    assert.throws(() => openAlone(opened.path), { ...TAMPERED, message: /-root is missing/ });
    writeFileSync(`${opened.path}-root`, root.toString('latin1').replaceAll(/[0-9a-f]/g, '0'));
    assert.throws(() => openAlone(opened.path), { ...TAMPERED, message: /-root is damaged/ });
    writeFileSync(`${opened.path}-root`, root);
    openAlone(opened.path).close();
    opened.intruder.exec('PRAGMA user_version = 9');
    assert.throws(() => openAlone(opened.path), { ...TAMPERED, message: /version that it says it is, 9/ });
    opened.intruder.exec('DROP TABLE row_tree; PRAGMA user_version = 8');
    assert.throws(() => openAlone(opened.path), { ...TAMPERED, message: /older than the root/ });
  });

  it('with a trigger or a view that somebody put into it is refused: to write, and when it is opened', () => {
    for (const sql of [
      "CREATE TRIGGER evil AFTER INSERT ON settings BEGIN UPDATE settings SET setting_value = 'evil'; END",
      'CREATE VIEW evil AS SELECT * FROM settings',
      'CREATE TABLE evil (a TEXT)',
    ]) {
      using opened = newGuarded();
      opened.intruder.exec(sql);
      const expected = { ...TAMPERED, message: /schema/ };
      assert.throws(() => write(opened.guarded, insertInto('settings', SETTING)), expected);
      assert.throws(() => openAlone(opened.path), expected);
    }
  });

  it('of before there was a tree gets one, over all that is in it', async () => {
    for (const planted of [false, true]) {
      const path = join(newFolder(), 'keys.db');
      const rows = Array.from({ length: 12_000 }, (_, i) => ({ setting_name: `s${i}`, setting_value: 'x' }));
      {
        using old = new DatabaseSync(path);
        for (const step of MIGRATIONS.slice(0, TREE_VERSION - 1)) old.exec(step);
        const { sql } = insertInto('settings', SETTING);
        old.exec('BEGIN');
        const insert = old.prepare(sql);
        for (const row of rows) insert.run(...Object.values(row));
        old.exec(`COMMIT; PRAGMA user_version = ${TREE_VERSION - 1}`);
        if (planted) old.exec('CREATE TRIGGER evil AFTER INSERT ON settings BEGIN SELECT 1; END');
      }
      if (planted) {
        assert.throws(() => openAlone(path), { ...TAMPERED, message: /schema/ });
        continue;
      }
      openAlone(path).close();
      const opened = openAlone(path);
      for (const row of [rows[0]!, rows.at(-1)!])
        assert.deepEqual({ ...opened.read(byKey('settings', ['setting_name'], row))[0] }, row);
      for (const table of opened.tables) opened.checkCount(table);
      assert.ok(write(opened, insertInto('settings', SETTING)));
      opened.close();
    }
  });

  it('whose index leads to another row does not give that for the one that was asked for', () => {
    using opened = newGuarded();
    const second = { setting_name: 'b', setting_value: '2' };
    write(opened.guarded, insertInto('settings', SETTING), insertInto('settings', second));
    assert.equal(opened.guarded.read(find)[0]!.setting_value, '1');
    // The index of a table in which the two have changed places.
    opened.intruder.exec(`
      CREATE TABLE swapped (setting_name TEXT NOT NULL PRIMARY KEY);
      INSERT INTO swapped (rowid, setting_name)
        SELECT (SELECT max(rowid) + min(rowid) FROM settings WHERE setting_name IN ('a', 'b')) - rowid, setting_name
        FROM settings WHERE setting_name IN ('a', 'b');
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_swapped_1')
        WHERE name = 'sqlite_autoindex_settings_1';
      PRAGMA schema_version = 1000;
    `);
    const { sql } = find;
    using plain = new DatabaseSync(opened.path, { readOnly: true });
    assert.equal(plain.prepare(sql).get('a')!.setting_value, '2', 'the index was not changed');
    assert.throws(() => opened.guarded.read(find), TAMPERED);
  });
});

describe('a process killed between the root and the commit', () => {
  /** The file as it is before the commit: the intent is there, and the settled root is the one of before. */
  function lineOf(opened: { path: string }, from: number): Buffer {
    return readFileSync(`${opened.path}-root`).subarray(from, from + 4096);
  }
  const put = (path: string, ...lines: Buffer[]) => writeFileSync(`${path}-root`, Buffer.concat(lines));

  it('leaves the state before or the one after, and either opens, for good', () => {
    for (const isCommitted of [false, true]) {
      using opened = newGuarded();
      write(opened.guarded, insertInto('settings', SETTING));
      opened.intruder.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      const [settled, before] = [lineOf(opened, 4096), readFileSync(opened.path)];
      write(opened.guarded, { sql: 'UPDATE settings SET setting_value = ?', values: ['2'] });
      opened.close();
      const after = readFileSync(opened.path);
      put(opened.path, lineOf(opened, 0), settled);
      writeFileSync(opened.path, isCommitted ? after : before);
      const again = openAlone(opened.path);
      assert.equal(again.read(find)[0]!.setting_value, isCommitted ? '2' : '1');
      again.close();
      // The other of the two is none any more.
      writeFileSync(opened.path, isCommitted ? before : after);
      assert.throws(() => openAlone(opened.path), TAMPERED);
    }
  });

  it('whatever byte of either line was not written, opens what is there', () => {
    using opened = newGuarded();
    write(opened.guarded, insertInto('settings', SETTING));
    opened.close();
    const whole = readFileSync(`${opened.path}-root`);
    for (const [from, length] of [
      [0, 161],
      [4096, 105],
    ] as const) {
      for (let at = from; at < from + length; at += 7) {
        const torn = Buffer.from(whole);
        torn.fill(0, at, from + 4096);
        writeFileSync(`${opened.path}-root`, torn);
        const again = openAlone(opened.path);
        assert.equal(again.read(find).length, 1);
        again.close();
      }
    }
  });

  it('at the very first start leaves what the next one begins anew', () => {
    using opened = newGuarded();
    const path = `${opened.path}.first`;
    const empty = Buffer.alloc(32).toString('hex');
    openAlone(path).close();
    const intent = readFileSync(`${path}-root`, 'latin1').slice(0, 4096);
    assert.equal(intent.split(' ')[2], empty);
    // The database was never committed, and nothing was settled.
    rmSync(path);
    writeFileSync(`${path}-root`, intent);
    const again = openAlone(path);
    write(again, insertInto('settings', SETTING));
    assert.equal(again.read(find).length, 1);
    again.close();
  });
});

describe('several processes', () => {
  it('follow each other’s roots, and find what somebody else changed', () => {
    using opened = newGuarded();
    const second = opened.again();
    for (let i = 0; i < 50; i += 1) {
      const row = { setting_name: `n${i}`, setting_value: 'x' };
      const [one, two] = i % 2 === 0 ? [opened.guarded, second] : [second, opened.guarded];
      assert.deepEqual(two.read(byKey('settings', ['setting_name'], row)), []);
      write(one, insertInto('settings', row));
      assert.equal(two.read(byKey('settings', ['setting_name'], row)).length, 1);
    }
    opened.intruder.exec("UPDATE settings SET setting_value = 'y' WHERE setting_name = 'n7'");
    const query = byKey('settings', ['setting_name'], { setting_name: 'n7' });
    for (const each of [opened.guarded, second]) assert.throws(() => each.read(query), TAMPERED);
  });
});
