import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { cacheRecords } from '../../src/store/cached-store.ts';
import type { Database, Row, Statement } from '../../src/store/database.ts';
import { sqlStore } from '../../src/store/sql-store.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { MIGRATIONS } from '../../src/store/sqlite-schema.ts';
import { newFolder } from './folder.ts';
import { present, someAlias, someKey, someToken } from './records.ts';
import { sealedContract } from './sealed-contract.ts';
import { storeContract } from './store-contract.ts';

const folder = newFolder();
let count = 0;
const newPath = () => join(folder, `keys-${++count}.db`);

storeContract('SQLite store', async () => openSqliteStore(newPath()));
storeContract('SQLite store whose records are kept', async () => cacheRecords(openSqliteStore(newPath())));
sealedContract('SQLite store', async () => openSqliteStore(newPath()));

describe('SQLite file', () => {
  it('keeps what was stored when it is opened again', async () => {
    const [path, key] = [newPath(), someKey()];
    const first = openSqliteStore(path);
    await first.insertKey(key, []);
    await first.close();
    const second = openSqliteStore(path);
    assert.deepEqual(present(await second.findKey(key.region, key.keyId)), present(key));
    await second.close();
  });

  it('may be open twice, each seeing what the other stored', async () => {
    const [path, key] = [newPath(), someKey()];
    const [one, other] = [openSqliteStore(path), openSqliteStore(path)];
    await one.insertKey(key, []);
    await other.replaceKey({ ...key, enabled: false });
    assert.equal((await one.findKey(key.region, key.keyId))?.enabled, false);
    await one.close();
    await other.close();
  });

  it('is for its owner only, with its log and index, even if it was not before', async () => {
    const path = newPath();
    const files = [path, `${path}-wal`, `${path}-shm`];
    const modes = () => files.map((file) => statSync(file).mode & 0o777);
    const first = openSqliteStore(path);
    await first.insertKey(someKey(), []);
    assert.deepEqual(modes(), [0o600, 0o600, 0o600]);
    for (const file of files) chmodSync(file, 0o644);
    const second = openSqliteStore(path);
    assert.deepEqual(modes(), [0o600, 0o600, 0o600]);
    await first.close();
    await second.close();
  });

  it('of a later release is refused and left as it is', async () => {
    const path = newPath();
    await openSqliteStore(path).close();
    const later = new DatabaseSync(path);
    const known = MIGRATIONS.length;
    later.exec(`PRAGMA user_version = ${known + 1}`);
    later.close();
    const refusal = new RegExp(`schema version ${known + 1}, and this release knows up to ${known}:`);
    assert.throws(() => openSqliteStore(path), refusal);
    const unchanged = new DatabaseSync(path);
    assert.deepEqual({ ...unchanged.prepare('PRAGMA user_version').get() }, { user_version: known + 1 });
    unchanged.close();
  });

  it('that is no database is refused', () => {
    const path = newPath();
    writeFileSync(path, 'not a database, but long enough to be looked at as one: '.repeat(40));
    assert.throws(() => openSqliteStore(path), /not a database/);
  });

  it('holds no sealed bytes of a retired key', async () => {
    const path = newPath();
    const sealed = new Uint8Array(Buffer.from('sealed bytes that are to be gone '.repeat(60)));
    const key = someKey({ sealed });
    const store = openSqliteStore(path);
    await store.insertKey(key, []);
    await store.retireKey({ ...key, sealed: undefined });
    await store.insertKey(someKey({ sealed: Buffer.from('sealed bytes that stay') }), []);
    await store.close();
    const file = readFileSync(path);
    assert.ok(file.includes('sealed bytes that stay'));
    assert.ok(!file.includes('sealed bytes that are'));
  });
});

describe('SQL statements', () => {
  /** A database that finds nothing and notes what it was asked. */
  function notingDatabase(noted: Statement[]): Database {
    return {
      state: () => undefined,
      async query<R extends Row>(statement: Statement) {
        noted.push(statement);
        return [] as R[];
      },
      async atomically(statements) {
        noted.push(...statements);
        return true;
      },
      async check() {},
      async close() {},
    };
  }

  async function everyStatement(): Promise<Statement[]> {
    const noted: Statement[] = [];
    const store = sqlStore(notingDatabase(noted));
    const [key, alias, token, page] = [someKey(), someAlias(), someToken(), { limit: 10 }];
    const { region, keyId } = key;
    await store.insertKey(key, [{ Key: 'a', Value: '1' }]);
    await store.findKey(region, keyId);
    await store.replaceKey(key);
    await store.retireKey(key);
    await store.listKeys(region, {}, page);
    await store.listKeys(region, { state: 'DELETE_PENDING' }, page);
    await store.keysToDestroy(1000);
    await store.insertAlias(alias);
    await store.findAlias(region, alias.aliasName);
    await store.replaceAlias(alias);
    await store.deleteAlias(region, alias.aliasName);
    await store.listAliases(region, {}, page);
    await store.listAliases(region, { keyId }, page);
    await store.listTags(region, keyId, page);
    await store.putTags(region, keyId, [{ Key: 'a', Value: '1' }], 50);
    await store.removeTags(region, keyId, ['a']);
    await store.keysToReplicate();
    await store.insertReplica(key, key);
    await store.replaceReplica(key, key);
    await store.retireReplica(key, key);
    await store.listDefaultRegions(region);
    await store.addDefaultRegions(region, ['us-west-2'], 50);
    await store.removeDefaultRegions(region, ['us-west-2']);
    await store.insertToken(token);
    await store.findToken(region, token.tokenId);
    await store.latestToken(region, token.purpose, token.materialType, token.keyAlgorithm);
    await store.deleteExpiredTokens(1000);
    await assert.rejects(store.changeCount());
    return noted;
  }

  it('never read a whole table, sort, or skip rows', async () => {
    const connection = new DatabaseSync(':memory:');
    for (const step of MIGRATIONS) connection.exec(step);
    const statements = await everyStatement();
    assert.equal(new Set(statements.map(({ sql }) => sql)).size, 28);
    for (const { sql, values } of statements) {
      const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
      const steps = plan.map(({ detail }) => String(detail));
      assert.doesNotMatch(steps.join('\n'), /SCAN|TEMP B-TREE/, sql);
      assert.doesNotMatch(sql, /OFFSET/i);
      // What a SELECT asks for is found through an index to the last condition, not filtered from more rows.
      for (const [, column] of sql.startsWith('SELECT') ? sql.matchAll(/(\w+) (?:=|>|<=) \?/g) : []) {
        assert.match(steps.join('\n'), new RegExp(`\\b${column}[=<>]`), sql);
      }
    }
    connection.close();
  });
});
