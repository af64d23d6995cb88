import assert from 'node:assert/strict';
import { createHmac, webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { bindingOfKey } from '../../src/custody/binding.ts';
import { EnvironmentError, settleEnvironment } from '../../src/custody/environment.ts';
import { SealError } from '../../src/custody/main-key.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newFolder } from '../store/folder.ts';
import { someKey } from '../store/records.ts';

const MAIN_KEY = Buffer.alloc(32, 7);
const provider = () => sealUnder(Secret.copyOf(MAIN_KEY));
const clear = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');

/** Seals as releases did before environments had names: version 1, the record's fields alone as associated data. */
async function sealedBefore(associatedData: Uint8Array): Promise<Uint8Array> {
  const expand = (label: string) => createHmac('sha256', MAIN_KEY).update(`${label}\x01`).digest();
  const id = expand('keywright main key id').subarray(0, 8);
  const header = Buffer.concat([Buffer.of(1), id, Buffer.alloc(12, 9)]);
  const key = await webcrypto.subtle.importKey('raw', expand('keywright sealing key'), 'AES-GCM', false, [
    'encrypt',
  ]);
  const additionalData = Buffer.concat([header, associatedData]);
  const algorithm = { name: 'AES-GCM', iv: header.subarray(9), additionalData };
  const data = clear.expose((bytes) => Uint8Array.from(bytes));
  return Buffer.concat([header, Buffer.from(await webcrypto.subtle.encrypt(algorithm, key, data))]);
}

describe('what is sealed in an environment', () => {
  it('opens in it, and in no other under the same main key', async () => {
    const production = createVault(provider(), 'production');
    const record = await production.sealKey(someKey(), clear);
    using opened = await production.openKey(record);
    assert.ok(opened.equals(clear));
    for (const other of ['test', 'productio', 'production2', 'development']) {
      await assert.rejects(createVault(provider(), other).openKey(record), SealError);
    }
    await assert.rejects(createVault(provider()).openKey(record), SealError);
  });

  it('before environments had names opens in the default one and in no other', async () => {
    const record = someKey();
    const old = { ...record, sealed: await sealedBefore(bindingOfKey(record)) };
    using opened = await createVault(provider()).openKey(old);
    assert.ok(opened.equals(clear));
    await assert.rejects(createVault(provider(), 'production').openKey(old), SealError);
  });

  it('does not pass for an older or newer version', async () => {
    const vault = createVault(provider());
    const record = await vault.sealKey(someKey(), clear);
    for (const version of [0, 1, 3]) {
      const sealed = Uint8Array.from(record.sealed!);
      sealed[0] = version;
      await assert.rejects(vault.openKey({ ...record, sealed }), SealError);
    }
    const old = { ...record, sealed: await sealedBefore(bindingOfKey(record)) };
    old.sealed[0] = 2;
    await assert.rejects(vault.openKey(old), SealError);
  });
});

describe("a database's environment", () => {
  const folder = newFolder();

  it('is the first that it was opened in, for good', async () => {
    const store = openSqliteStore(join(folder, 'new.db'));
    await settleEnvironment(store.custody, 'production');
    await settleEnvironment(store.custody, 'production');
    await assert.rejects(settleEnvironment(store.custody, 'test'), (error: Error) => {
      assert.ok(error instanceof EnvironmentError);
      assert.match(
        error.message,
        /of the environment "production".*says "test".*KEYWRIGHT_ENVIRONMENT=production/,
      );
      return true;
    });
    await store.close();
    const again = openSqliteStore(join(folder, 'new.db'));
    await assert.rejects(settleEnvironment(again.custody, 'development'), EnvironmentError);
    await again.close();
  });
});
