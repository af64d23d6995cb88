import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Secret } from '@keywright/crypto';
import { openCustody } from '../../src/custody/custody.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newFolder } from '../store/folder.ts';
import { newKeyId, someKey } from '../store/records.ts';

const ROUNDS = 12;
const KEYS = 250;

test('kill -9 at any point of a rotation of the main key loses no record', async () => {
  const directory = newFolder();
  using clear = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
  const ids: string[] = [];
  {
    using custody = openCustody({ kind: 'file' }, directory);
    const store = openSqliteStore(join(directory, 'keywright.db'));
    const vault = createVault(custody.keyring, 'production');
    for (let i = 0; i < KEYS; i++) {
      const record = await vault.sealKey(someKey({ keyId: newKeyId() }), clear);
      await store.insertKey(record, []);
      ids.push(record.keyId);
    }
    await store.close();
  }
  const mainKeys = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'rotation-writer.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(writer, 'exit');
    await Promise.race([once(writer.stdout, 'data'), exited]);
    assert.equal(writer.exitCode, null);
    await setTimeout((round * 37) % 150);
    writer.kill('SIGKILL');
    await exited;

    using custody = openCustody({ kind: 'file' }, directory);
    const store = openSqliteStore(join(directory, 'keywright.db'));
    const onFailure = (error: unknown) => assert.fail(String(error));
    const rotation = custody.rotation({
      store: store.custody,
      environment: 'production',
      onFailure,
      grace: 5,
    });
    await rotation.resume();
    const vault = createVault(custody.keyring, 'production');
    for (const keyId of ids) {
      using opened = await vault.openKey((await store.findKey('us-east-2', keyId))!);
      assert.ok(opened.equals(clear));
    }
    mainKeys.add(custody.keyring.id);
    await rotation.stop();
    await store.close();
  }
  assert.ok(mainKeys.size > 1, 'no rotation came far enough to be broken off');
});
