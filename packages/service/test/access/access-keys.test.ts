// Two stores on one database stand for two processes: what one changes, the other knows with the next request.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { accessKeysWith, machineKeysIn } from '../../src/access/access-keys.ts';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const ID = 'AKIAABCDEFGHIJKLMNOP';
const policy = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
const REQUEST = { principalArn: '', account: '', region: 'us-east-2', tags: [] };

test('a policy that changes, and an access key that is switched off, are so at once in another process', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  const vault = createVault(openFileMainKey(join(directory, 'main-key')));
  const stores = [1, 2].map(() => openSqliteStore(join(directory, 'keys.db')));
  t.after(async () => {
    for (const store of stores) await store.close();
    rmSync(directory, { recursive: true });
  });
  const [here, there] = stores.map((store) => ({ store, vault })) as [
    { store: (typeof stores)[0]; vault: typeof vault },
    { store: (typeof stores)[0]; vault: typeof vault },
  ];
  const administrator = { id: 'AKIAADMINISTRATOR', secret: Secret.copyOf(Buffer.from('secret')) };
  const keys = accessKeysWith(administrator, there);
  const may = async (action: 'GetKey' | 'ListKeys') =>
    (await keys.find(ID))?.identity?.decide({ ...REQUEST, action }, '*');
  const machineKeys = machineKeysIn(here);
  using secret = Secret.copyOf(Buffer.from('s'.repeat(40)));
  const body = {
    owner: 'mallory',
    active: true,
    policy: policy('payment-cryptography:GetKey'),
    createdAt: 1,
  };
  assert.equal(await keys.find(ID), undefined);
  await here.store.writeDocuments([await machineKeys.insert({ id: ID, group: 'switch', body }, secret)]);
  assert.deepEqual([await may('GetKey'), await may('ListKeys')], ['allow', undefined]);
  const found = await keys.find(ID);
  assert.deepEqual([found?.user, found?.owner, found?.role], ['switch', 'mallory', 'machine']);
  using opened = await found!.openSecret();
  assert.ok(opened.equals(secret));
  // What was kept is the same object as long as nothing changes.
  assert.equal(await keys.find(ID), found);
  const change = async (changes: object) => {
    const key = (await machineKeys.find(ID))!;
    await here.store.writeDocuments([await machineKeys.replace(key, { body: { ...key.body, ...changes } })]);
  };
  await change({ policy: policy('payment-cryptography:ListKeys') });
  assert.deepEqual([await may('GetKey'), await may('ListKeys')], [undefined, 'allow']);
  await change({ active: false });
  assert.equal(await keys.find(ID), undefined);
});
