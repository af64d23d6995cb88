// Data directories with a main key of each kind and a few known keys, and backups of them.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '@keywright/crypto';
import type { Backup } from '../../src/backup/backup-file.ts';
import { backupOf, type CreateBackup } from '../../src/backup/create-backup.ts';
import {
  openWithPassphrase,
  openWithToken,
  type RestoredMainKey,
  unsealBackup,
} from '../../src/backup/restored-main-key.ts';
import { type Custody, openCustody } from '../../src/custody/custody.ts';
import { settleEnvironment } from '../../src/custody/environment.ts';
import type { MainKeyKind } from '../../src/custody/main-key-files.ts';
import { newShares } from '../../src/custody/new-shares.ts';
import type { MainKeySource } from '../../src/custody/open-main-key.ts';
import { passphraseKeyOf } from '../../src/custody/passphrase-main-key.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { newSoftToken } from '../custody/soft-token.ts';
import { newFolder } from '../store/folder.ts';
import { newKeyId, someKey } from '../store/records.ts';

export const ENVIRONMENT = 'production';
export const PASSPHRASE = 'correct horse battery staple';
export const CLEAR = '0123456789ABCDEFFEDCBA9876543210';

export interface DataDirectory extends AsyncDisposable {
  readonly folder: string;
  readonly directory: string;
  readonly source: MainKeySource;
  readonly shares: readonly string[];
  readonly keyId: string;
  readonly custody: Custody;
  readonly store: Store;
  readonly createBackup: CreateBackup;
  /** Makes a backup in a file. */
  backUp(name: string): Promise<string>;
  /** What those who may do so open it with. */
  openMainKey(backup: Backup): Promise<RestoredMainKey>;
}

const secretOf = (text: string) => Secret.copyOf(Buffer.from(text));

function sourceOf(kind: MainKeyKind, folder: string): MainKeySource {
  if (kind === 'pkcs11')
    return { kind, uri: newSoftToken(folder, `backup ${readdirSync(folder).length}`).uri };
  if (kind !== 'passphrase') return { kind };
  const file = join(folder, 'passphrase');
  writeFileSync(file, PASSPHRASE, { mode: 0o600 });
  return { kind, file };
}

function handOut(directory: string): string[] {
  using made = newShares(directory, { shares: 3, threshold: 2 });
  made.keep();
  return [1, 2, 3].map((index) => made.text(index));
}

export async function newDataDirectory(kind: MainKeyKind, folder = newFolder()): Promise<DataDirectory> {
  const source = sourceOf(kind, folder);
  const directory = join(folder, 'data');
  const shares = handOutOrMake(kind, directory);
  const custody = openCustody(source, directory);
  for (const share of shares.slice(0, 2)) await custody.unseal(share);
  const store = openSqliteStore(join(directory, 'keywright.db'));
  await settleEnvironment(store.custody, ENVIRONMENT);
  const keyId = newKeyId();
  using clear = Secret.fromHex(CLEAR);
  await store.insertKey(
    await createVault(custody.keyring, ENVIRONMENT).sealKey(someKey({ keyId }), clear),
    [],
  );
  const tokenUri = source.kind === 'pkcs11' ? source.uri : undefined;
  const createBackup = backupOf({
    dataDirectory: directory,
    custody,
    store: store.custody,
    environment: ENVIRONMENT,
    tokenUri,
    now: Date.now,
  });
  return {
    folder,
    directory,
    source,
    shares,
    keyId,
    custody,
    store,
    createBackup,
    async backUp(name) {
      using passphrase = secretOf(PASSPHRASE);
      const file = join(folder, name);
      await writeFile(file, await createBackup(kind === 'file' ? passphraseKeyOf(passphrase) : undefined));
      return file;
    },
    async openMainKey(backup) {
      using passphrase = secretOf(PASSPHRASE);
      if (kind === 'pkcs11') return openWithToken(backup, tokenUri!);
      if (kind !== 'shares') return await openWithPassphrase(backup, passphrase);
      using unsealing = await unsealBackup(backup);
      assert.equal(unsealing.add(shares[2]!), undefined);
      return unsealing.add(shares[0]!)!;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      custody[Symbol.dispose]();
    },
  };
}

function handOutOrMake(kind: MainKeyKind, directory: string): string[] {
  if (kind === 'shares') return handOut(directory);
  mkdirSync(directory, { mode: 0o700 });
  return [];
}

/** Opens a data directory as a service does, and reads the known key. */
export async function assertWhole(
  directory: string,
  made: Pick<DataDirectory, 'source' | 'shares' | 'keyId'>,
): Promise<void> {
  using custody = openCustody(made.source, directory);
  for (const share of made.shares.slice(1)) await custody.unseal(share);
  const store = openSqliteStore(join(directory, 'keywright.db'));
  try {
    await settleEnvironment(store.custody, ENVIRONMENT);
    const record = (await store.findKey('us-east-2', made.keyId))!;
    using opened = await createVault(custody.keyring, ENVIRONMENT).openKey(record);
    using clear = Secret.fromHex(CLEAR);
    assert.ok(opened.equals(clear));
  } finally {
    await store.close();
  }
}
