import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import { createVault, type Vault } from '../../src/custody/vault.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { newFolder } from './folder.ts';
import { materialOf, tagsOf } from './kill-records.ts';
import { someKey } from './records.ts';

const REGION = 'us-east-2';
const WRITER = join(import.meta.dirname, 'kill-writer.ts');

/** What the writer said that it had stored, by kind. */
type Acknowledged = Record<'key' | 'alias' | 'disabled', Set<string>>;

/** Runs the writer, kills it after some milliseconds (of its start, or of its first word), and notes what it said. */
async function writeAndKill(
  folder: string,
  from: 'start' | 'first word',
  milliseconds: number,
  said: Acknowledged,
) {
  const writer = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  let output = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  if (from === 'first word') await Promise.race([once(writer.stdout, 'data'), closed]);
  await wait(milliseconds);
  writer.kill('SIGKILL');
  const [, signal] = await closed;
  assert.equal(signal, 'SIGKILL', 'the writer ended by itself');
  // The last line may be cut off.
  for (const line of output.split('\n').slice(0, -1)) {
    const [what, keyId] = line.split(' ') as [keyof Acknowledged, string];
    said[what].add(keyId);
  }
}

async function everyKey(store: Store): Promise<KeyRecord[]> {
  const keys: KeyRecord[] = [];
  for (;;) {
    const page = await store.listKeys(REGION, {}, { after: keys.at(-1)?.keyId, limit: 500 });
    if (page.length === 0) return keys;
    keys.push(...page);
  }
}

async function assertWhole(key: KeyRecord, store: Store, vault: Vault): Promise<void> {
  using opened = await vault.openKey(key);
  using material = materialOf(key.keyId);
  assert.ok(opened.equals(material));
  assert.deepEqual(await store.listTags(REGION, key.keyId, { limit: 100 }), tagsOf(key.keyId));
  assert.equal(key.revision, key.enabled ? 1 : 2);
}

/** Opens what the writer left, looks at all of it, and stores one more key. Answers how many keys there were. */
async function assertKept(folder: string, said: Acknowledged): Promise<number> {
  using mainKey = openFileMainKey(join(folder, 'main-key'));
  const vault = createVault(mainKey);
  const store = openSqliteStore(join(folder, 'keys.db'));
  try {
    const keys = new Map((await everyKey(store)).map((key) => [key.keyId, key]));
    for (const key of keys.values()) await assertWhole(key, store, vault);
    for (const keyId of said.key) assert.ok(keys.has(keyId), `key ${keyId} was stored and is gone`);
    for (const keyId of said.disabled)
      assert.equal(keys.get(keyId)?.enabled, false, `change of ${keyId} is gone`);
    for (const keyId of said.alias) {
      assert.equal(
        (await store.findAlias(REGION, `alias/${keyId}`))?.keyId,
        keyId,
        `alias of ${keyId} is gone`,
      );
    }
    const { sealed: _, ...record } = someKey();
    using material = materialOf(record.keyId);
    await store.insertKey(await vault.sealKey(record, material), tagsOf(record.keyId));
    said.key.add(record.keyId);
    return keys.size;
  } finally {
    await store.close();
  }
}

const nothing = (): Acknowledged => ({ key: new Set(), alias: new Set(), disabled: new Set() });

describe('a process killed (SIGKILL) while it writes', () => {
  it('loses nothing that it said was stored, and leaves nothing half stored', async () => {
    const [folder, said] = [newFolder(), nothing()];
    let before = 0;
    for (let round = 0; round < 6; round++) {
      await writeAndKill(folder, 'first word', randomInt(120), said);
      const kept = await assertKept(folder, said);
      assert.ok(kept > before, 'the writer wrote nothing');
      before = kept + 1;
    }
  });

  it('beside others that write to the same database disturbs none of them', async () => {
    const [folder, said] = [newFolder(), nothing()];
    for (let round = 0; round < 3; round++) {
      const lives = [100, 400, 700].map((most) => randomInt(most));
      await Promise.all(lives.map((life) => writeAndKill(folder, 'first word', life, said)));
      assert.ok((await assertKept(folder, said)) > 0, 'the writers wrote nothing');
    }
  });

  it('at its very first start leaves a folder in which the next one starts', async () => {
    for (let round = 0; round < 4; round++) {
      const [folder, said] = [newFolder(), nothing()];
      await writeAndKill(folder, 'start', randomInt(100, 300), said);
      await assertKept(folder, said);
    }
  });
});
