import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Secret } from '@keywright/crypto';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newFolder } from '../store/folder.ts';
import { newKeyId, someKey } from '../store/records.ts';
import { kindsThere, openKind } from './kinds.ts';

const ROUNDS = 15;
const KEYS = 60;

test('kill -9 while the main key goes from file to shares and back loses no record', async () => {
  const folder = newFolder();
  const directory = join(folder, 'data');
  mkdirSync(directory, { mode: 0o700 });
  using clear = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
  const ids = Array.from({ length: KEYS }, newKeyId);
  {
    using custody = await openKind(directory, 'file');
    const store = openSqliteStore(join(directory, 'keywright.db'));
    const vault = createVault(custody.keyring, 'production');
    for (const keyId of ids) await store.insertKey(await vault.sealKey(someKey({ keyId }), clear), []);
    await store.close();
  }
  const seen = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const program = join(import.meta.dirname, 'kinds-writer.ts');
    const writer = spawn(process.execPath, [program, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(writer, 'exit');
    await Promise.race([once(writer.stdout, 'data'), exited]);
    assert.equal(writer.exitCode, null);
    await setTimeout((round * 53) % 200);
    writer.kill('SIGKILL');
    await exited;
    assert.equal(writer.signalCode, 'SIGKILL');

    // Where it died between the two, the service may be started with either kind.
    const there = kindsThere(directory);
    const kind = there.at(round % 2 === 0 ? 0 : -1)!;
    using custody = await openKind(directory, kind);
    const store = openSqliteStore(join(directory, 'keywright.db'));
    const onFailure = (error: unknown) => assert.fail(String(error));
    const means = { store: store.custody, environment: 'production', onFailure, grace: 5 };
    const rotation = custody.rotation(means);
    await rotation.resume();
    const vault = createVault(custody.keyring, 'production');
    for (const keyId of ids) {
      using opened = await vault.openKey((await store.findKey('us-east-2', keyId))!);
      assert.ok(opened.equals(clear));
    }
    await rotation.settled();
    assert.deepEqual(kindsThere(directory), [kind]);
    assert.equal(await store.custody.findRetiringMainKey(), undefined);
    seen.add(kind);
    await store.close();
  }
  assert.ok(seen.size > 1, 'no rotation came far enough');
});
