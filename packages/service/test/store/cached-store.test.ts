import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BoundedCache } from '../../src/store/bounded-cache.ts';
import { cacheRecords } from '../../src/store/cached-store.ts';
import { changesCached } from '../../src/store/changes.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { newFolder } from './folder.ts';
import { newKeyId, someAlias, someKey } from './records.ts';

const folder = newFolder();
let count = 0;
const newPath = () => join(folder, `keys-${++count}.db`);
const TAG = { Key: 'team', Value: 'acquiring' };

/** Counts the calls of a store's methods. */
function counted(store: Store): [Store, Map<string, number>] {
  const calls = new Map<string, number>();
  const get = (target: Store, name: keyof Store) => {
    const method = target[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      return method(...args);
    };
  };
  const names = Object.keys(store) as (keyof Store)[];
  return [Object.fromEntries(names.map((name) => [name, get(store, name)])) as unknown as Store, calls];
}

/** What a request reads of a key. */
async function readAll(store: Store, { region, keyId }: KeyRecord, aliasName: string) {
  return {
    key: await store.findKey(region, keyId),
    alias: await store.findAlias(region, aliasName),
    policy: await store.findResourcePolicy(region, keyId),
    tags: await store.listTags(region, keyId, { limit: 50 }),
  };
}

test('what was read once is not read again, and a look is one query', async () => {
  const path = newPath();
  const [store, calls] = counted(openSqliteStore(path));
  const cached = cacheRecords(store);
  const key = someKey();
  await store.insertKey(key, [TAG]);
  await store.insertAlias(someAlias({ keyId: key.keyId }));
  await cached.refresh();
  const first = await readAll(cached, key, 'alias/kek');
  calls.clear();
  for (let i = 0; i < 5; i += 1) {
    await cached.refresh();
    assert.deepEqual(await readAll(cached, key, 'alias/kek'), first);
  }
  assert.deepEqual([...calls], [['changeCount', 5]]);
  await store.close();
});

test('whatever another process changes is seen after the next look', async () => {
  const path = newPath();
  const other = openSqliteStore(path);
  const cached = cacheRecords(openSqliteStore(path));
  const [key, target] = [someKey(), someKey()];
  const { region, keyId } = key;
  for (const each of [key, target]) await other.insertKey(each, [TAG]);
  await other.insertAlias(someAlias({ keyId }));
  const alias = someAlias({ keyId: target.keyId });
  const pending = { ...key, enabled: false, revision: 2, state: 'DELETE_PENDING' as const };
  const changes: [string, () => Promise<unknown>][] = [
    ['disabled', () => other.replaceKey({ ...key, enabled: false })],
    ['to be deleted', () => other.replaceKey(pending)],
    ['a tag added', () => other.putTags(region, keyId, [{ Key: 'zone', Value: '1' }], 50)],
    ['a tag changed', () => other.putTags(region, keyId, [{ ...TAG, Value: 'issuing' }], 50)],
    ['a tag removed', () => other.removeTags(region, keyId, ['team'])],
    ['a policy', () => other.putResourcePolicy(region, keyId, '{"a":1}')],
    ['another policy', () => other.putResourcePolicy(region, keyId, '{"a":2}')],
    ['no policy', () => other.removeResourcePolicy(region, keyId)],
    ['an alias elsewhere', () => other.replaceAlias(alias)],
    ['no alias', () => other.deleteAlias(region, alias.aliasName)],
    ['deleted', () => other.retireKey({ ...pending, revision: 3, sealed: undefined })],
  ];
  for (const [change, make] of changes) {
    await cached.refresh();
    const before = await readAll(cached, key, alias.aliasName);
    await make();
    await cached.refresh();
    const after = await readAll(cached, key, alias.aliasName);
    assert.notDeepEqual(after, before, change);
    assert.deepEqual(after, await readAll(other, key, alias.aliasName), change);
  }
  await cached.close();
  await other.close();
});

test('what it changes itself is seen without a look', async () => {
  const cached = cacheRecords(openSqliteStore(newPath()));
  const key = someKey();
  await cached.insertKey(key, []);
  assert.equal((await cached.findKey(key.region, key.keyId))?.enabled, true);
  await cached.replaceKey({ ...key, enabled: false });
  assert.equal((await cached.findKey(key.region, key.keyId))?.enabled, false);
  await cached.close();
});

test('a read that a change overtakes is not kept', async () => {
  const path = newPath();
  const store = openSqliteStore(path);
  const slow = Promise.withResolvers<void>();
  const findKey: Store['findKey'] = async (region, keyId) => {
    const found = await store.findKey(region, keyId);
    await slow.promise;
    return found;
  };
  const cached = cacheRecords({ ...store, findKey });
  const key = someKey();
  const { region, keyId } = key;
  await store.insertKey(key, []);
  await cached.refresh();
  const early = cached.findKey(region, keyId);
  await store.replaceKey({ ...key, enabled: false });
  slow.resolve();
  assert.equal((await early)?.enabled, true);
  await cached.refresh();
  assert.equal((await cached.findKey(region, keyId))?.enabled, false);
  await store.close();
});

test('no more than so many records are kept, the ones in use among them', () => {
  const dropped: string[] = [];
  const cache = new BoundedCache<string>(10, (value) => dropped.push(value));
  for (let i = 0; i < 100; i += 1) {
    cache.set(`name ${i}`, `value ${i}`);
    assert.equal(cache.get('name 0'), 'value 0');
    assert.ok(cache.size <= 10, `${cache.size}`);
  }
  assert.equal(dropped.length + cache.size, 100);
  assert.ok(!dropped.includes('value 0'));
  cache.set('name 0', 'another');
  assert.equal(dropped.at(-1), 'value 0');
  cache.clear((value) => value === 'another');
  assert.equal(cache.get('name 0'), undefined);
  assert.equal(cache.get('name 99'), 'value 99');
  cache.clear();
  assert.deepEqual([cache.size, dropped.length], [0, 101]);
});

test('every statement of the store that writes what is kept is known as one', () => {
  const sources = globSync('../../src/store/*.ts', { cwd: import.meta.dirname });
  const text = sources.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
  const literals = text.matchAll(/(['"`])((?:INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH)\b(?:(?!\1).)*)\1/gis);
  const writes = Array.from(literals, ([, , sql]) => sql!);
  const ofKept = writes.filter((sql) => /\b(keys|aliases|tags|resource_policies|access_keys)\b/.test(sql));
  assert.ok(ofKept.length >= 6, ofKept.join('\n'));
  for (const sql of ofKept) assert.ok(changesCached({ sql, values: [] }), sql);
  for (const table of ['keys', 'aliases', 'tags', 'resource_policies', 'access_keys']) {
    assert.ok(changesCached({ sql: `INSERT INTO ${table} (a) VALUES (?)`, values: [] }), table);
  }
  assert.ok(!changesCached({ sql: `INSERT INTO tokens (a) VALUES ('${newKeyId()}')`, values: [] }));
});
