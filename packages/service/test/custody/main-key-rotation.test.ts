import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { type Custody, openCustody } from '../../src/custody/custody.ts';
import { MainKeyError } from '../../src/custody/main-key.ts';
import type { MainKeyRotation } from '../../src/custody/main-key-rotation.ts';
import type { MainKeySource } from '../../src/custody/open-main-key.ts';
import { passphraseKeyOf } from '../../src/custody/passphrase-main-key.ts';
import { writeShare } from '../../src/custody/share.ts';
import { makeShareSet } from '../../src/custody/share-set.ts';
import { createVault, type Vault } from '../../src/custody/vault.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { someAccessKey } from '../store/approval-contract.ts';
import { newFolder } from '../store/folder.ts';
import { newKeyId, someAuthority, someKey, someToken } from '../store/records.ts';
import { newSoftToken } from './soft-token.ts';

const folder = newFolder();
let count = 0;
const clear = () => Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');

interface Opened extends AsyncDisposable {
  readonly custody: Custody;
  readonly store: Store;
  readonly vault: Vault;
  readonly rotation: MainKeyRotation;
}

async function open(
  directory: string,
  source: MainKeySource = { kind: 'file' },
  tokenUri?: string,
): Promise<Opened> {
  const custody = openCustody(source, directory);
  const store = openSqliteStore(join(directory, 'keywright.db'));
  const vault = createVault(custody.keyring, 'production');
  const onFailure = () => undefined;
  const means = { store: store.custody, environment: 'production', tokenUri, onFailure, grace: 20 };
  const rotation = custody.rotation(means);
  if (!custody.keyring.isSealed) await rotation.resume();
  return {
    custody,
    store,
    vault,
    rotation,
    async [Symbol.asyncDispose]() {
      await rotation.stop();
      await store.close();
      custody[Symbol.dispose]();
    },
  };
}

async function fill({ store, vault }: Opened, keys: number): Promise<KeyRecord[]> {
  const records: KeyRecord[] = [];
  for (let i = 0; i < keys; i++) {
    const record = await vault.sealKey(someKey({ keyId: newKeyId() }), clear());
    await store.insertKey(record, []);
    records.push(record);
  }
  await store.insertToken(await vault.sealToken(someToken(), clear()));
  await store.insertAuthority(await vault.sealAuthority(someAuthority(), clear()));
  await store.insertAccessKey(await vault.sealAccessKey(someAccessKey(), clear()));
  return records;
}

async function assertAllOpen(
  { store, vault, custody }: Opened,
  records: readonly KeyRecord[],
): Promise<void> {
  for (const { region, keyId } of records) {
    const record = (await store.findKey(region, keyId))!;
    assert.equal(Buffer.from(record.sealed!.subarray(1, 9)).toString('hex'), custody.keyring.id);
    using opened = await vault.openKey(record);
    assert.ok(opened.equals(clear()));
  }
  using secret = await vault.openAccessKey((await store.findAccessKey(someAccessKey().accessKeyId))!);
  assert.ok(secret.equals(clear()));
}

const newDirectory = () => {
  const directory = join(folder, `${++count}`);
  mkdirSync(directory);
  return directory;
};

describe('the main key is replaced', () => {
  it('by another file, every kind of record with it, and the old one is gone', async () => {
    const directory = newDirectory();
    const before = await open(directory);
    const records = await fill(before, 250);
    const [old, content] = [before.custody.keyring.id, readFileSync(join(directory, 'main-key'), 'utf8')];
    const started = await before.rotation.start({ kind: 'file' });
    assert.deepEqual([started.rotating, started.retiring, started.mainKeyId === old], [true, old, false]);
    await assert.rejects(before.rotation.start({ kind: 'file' }), /being replaced already/);
    await before.rotation.settled();
    assert.equal((await before.rotation.status).rotating, false);
    await assertAllOpen(before, records);
    assert.equal(await before.store.custody.findRetiringMainKey(), undefined);
    await before[Symbol.asyncDispose]();
    await using after = await open(directory);
    await assertAllOpen(after, records);
    writeFileSync(join(directory, 'main-key'), content);
    const gone = await open(directory);
    await assert.rejects(assertAllOpen(gone, records));
    await gone[Symbol.asyncDispose]();
  });

  it('while requests change records', async () => {
    await using service = await open(newDirectory());
    const records = await fill(service, 300);
    await service.rotation.start({ kind: 'file' });
    for (const { region, keyId } of records) {
      const record = (await service.store.findKey(region, keyId))!;
      await service.store.replaceKey(await service.vault.resealKey(record, { enabled: false }));
      await new Promise(setImmediate);
    }
    await service.rotation.settled();
    await assertAllOpen(service, records);
  });

  it('by shares of custodians, by a passphrase, by a token, and back', async () => {
    const directory = newDirectory();
    const { uri } = newSoftToken(join(folder, 'hsm'), 'rotation');
    const first = await open(directory, { kind: 'file' }, uri);
    const records = await fill(first, 5);
    using passphrase = Secret.copyOf(Buffer.from('correct horse battery'));
    await first.rotation.start({ kind: 'passphrase', passphraseKey: passphraseKeyOf(passphrase) });
    await first.rotation.settled();
    assert.ok(!existsSync(join(directory, 'main-key')));
    await assertAllOpen(first, records);
    await first.rotation.start({ kind: 'pkcs11' });
    await first.rotation.settled();
    await assertAllOpen(first, records);
    const { set, shares } = makeShareSet({ shares: 3, threshold: 2 });
    const texts = shares.map(writeShare);
    await assert.rejects(
      first.rotation.start({ kind: 'shares', set, shares: texts.slice(0, 1) }),
      MainKeyError,
    );
    await first.rotation.start({ kind: 'shares', set, shares: texts.slice(0, 2) });
    await first.rotation.settled();
    await assertAllOpen(first, records);
    assert.ok(!existsSync(join(directory, 'main-key-token')));
    first.custody.seal();
    await first.custody.unseal(texts[2]!);
    await first.custody.unseal(texts[0]!);
    await assertAllOpen(first, records);
    await first[Symbol.asyncDispose]();
    assert.throws(() => openCustody({ kind: 'shares' }, newDirectory()), MainKeyError);
  });

  it('and goes on where a stop broke it off', async () => {
    const directory = newDirectory();
    const before = await open(directory);
    const records = await fill(before, 450);
    await before.rotation.start({ kind: 'file' });
    await before[Symbol.asyncDispose]();
    const after = await open(directory);
    assert.equal((await after.rotation.status).rotating, true);
    await after.rotation.settled();
    await assertAllOpen(after, records);
    await after[Symbol.asyncDispose]();
  });

  it('not at all when it broke off before the new one was there', async () => {
    const directory = newDirectory();
    const service = await open(directory);
    const records = await fill(service, 3);
    await service.store.custody.putRetiringMainKey({ mainKeyId: service.custody.keyring.id, kind: 'file' });
    writeFileSync(join(directory, 'main-key-shares'), '{}');
    await service[Symbol.asyncDispose]();
    await using again = await open(directory);
    assert.equal((await again.rotation.status).rotating, false);
    assert.ok(!existsSync(join(directory, 'main-key-shares')));
    await assertAllOpen(again, records);
  });

  it('and the old one stays while a record that was changed outside is under it', async () => {
    await using service = await open(newDirectory());
    const records = await fill(service, 3);
    await service.store.replaceKey({ ...records[0]!, exportable: false });
    await service.rotation.start({ kind: 'file' });
    await service.rotation.settled();
    const { rotating, failed } = await service.rotation.status;
    assert.deepEqual([rotating, failed], [true, 1]);
    await assertAllOpen(service, records.slice(1));
  });
});
