import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CommitGroup } from '../../src/store/commit-group.ts';
import { newFolder } from './folder.ts';

/** A database whose statements are noted. */
function openDatabase() {
  const database = new DatabaseSync(join(newFolder(), 'group.db'));
  database.exec('CREATE TABLE words (word TEXT PRIMARY KEY) STRICT');
  const ran: string[] = [];
  const connection = {
    exec(sql: string) {
      ran.push(sql);
      database.exec(sql);
    },
    begin: () => connection.exec('BEGIN IMMEDIATE'),
    commit: () => connection.exec('COMMIT'),
    rollback: () => database.isTransaction && connection.exec('ROLLBACK'),
  };
  const insert = database.prepare('INSERT INTO words VALUES (?)');
  const put =
    (word: string, keep = true) =>
    () => {
      insert.run(word);
      return keep;
    };
  const words = () =>
    database
      .prepare('SELECT word FROM words ORDER BY word')
      .all()
      .map((row) => row.word);
  return { group: new CommitGroup(connection), put, words, ran, database };
}

test('transactions of the same turn share a commit; those that are not to be kept leave nothing', async () => {
  const { group, put, words, ran } = openDatabase();
  const kept = await Promise.all([group.run(put('a')), group.run(put('b', false)), group.run(put('c'))]);
  assert.deepEqual(kept, [true, false, true]);
  assert.deepEqual(words(), ['a', 'c']);
  assert.equal(ran.filter((sql) => sql === 'COMMIT').length, 1);
});

test('one alone has a transaction of its own', async () => {
  const { group, put, words, ran } = openDatabase();
  assert.equal(await group.run(put('a')), true);
  assert.equal(await group.run(put('b', false)), false);
  assert.deepEqual([words(), ran], [['a'], ['BEGIN IMMEDIATE', 'COMMIT', 'BEGIN IMMEDIATE', 'ROLLBACK']]);
});

test('one that fails does not take the others with it', async () => {
  const { group, put, words } = openDatabase();
  const half = () => {
    put('half')();
    throw new Error('broken off');
  };
  const results = await Promise.allSettled([
    group.run(put('a')),
    group.run(half),
    group.run(put('a')),
    group.run(put('b')),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(words(), ['a', 'b']);
});

test('what waits is written before the database is closed', async () => {
  const { group, put, words } = openDatabase();
  const waiting = group.run(put('a'));
  group.flush();
  assert.deepEqual(words(), ['a']);
  assert.equal(await waiting, true);
});
