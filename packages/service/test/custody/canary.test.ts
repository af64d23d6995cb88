import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import type { MainKeyProvider } from '../../src/custody/main-key.ts';
import { openPassphraseMainKey } from '../../src/custody/passphrase-main-key.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newFolder } from '../store/folder.ts';
import { someAlias, someKey, someToken } from '../store/records.ts';

const PASSPHRASE = 'a passphrase to look for';
const KEYS = [
  'A1B2C3D4E5F60718293A4B5C6D7E8F90',
  '0123456789ABCDEFFEDCBA98765432100123456789ABCDEF',
  'C0FFEE00C0FFEE11C0FFEE22C0FFEE33C0FFEE44C0FFEE55C0FFEE66C0FFEE77',
];
const PRIVATE_KEY = Buffer.from('not a private key, but as clear as one');

/** The forms in which clear bytes could lie in a file; base64 without padding, to find it inside longer text. */
function formsOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  const base64 = bytes.toString('base64').replaceAll('=', '');
  return [
    bytes,
    ...[hex, hex.toUpperCase(), base64, bytes.toString('base64url')].map((text) => Buffer.from(text)),
  ];
}

/** Finds each of the secrets, and the first and last 8 bytes of it; answers the names of the files that hold any. */
function filesWith(secrets: readonly Buffer[], files: ReadonlyMap<string, Buffer>): string[] {
  const parts = secrets.flatMap((secret) => [secret, secret.subarray(0, 8), secret.subarray(-8)]);
  const forms = parts.flatMap(formsOf);
  return [...files]
    .filter(([, content]) => forms.some((form) => content.includes(form)))
    .map(([name]) => name);
}

/** Stores the known keys, changes and retires some, and reads every file of the folder while the store is open. */
async function filesAfterUse(folder: string, mainKey: MainKeyProvider): Promise<Map<string, Buffer>> {
  const vault = createVault(mainKey);
  const store = openSqliteStore(join(folder, 'keys.db'));
  for (const hex of KEYS) {
    const { sealed: _, ...record } = someKey();
    using clear = Secret.fromHex(hex);
    const key = await vault.sealKey(record, clear);
    await store.insertKey(key, [{ Key: 'a', Value: '1' }]);
    await store.replaceKey(await vault.resealKey(key, { enabled: false }));
  }
  const { sealed: _, ...token } = someToken();
  using privateKey = Secret.copyOf(PRIVATE_KEY);
  await store.insertToken(await vault.sealToken(token, privateKey));
  await store.insertAlias(someAlias());
  const open = readFolder(folder, 'open: ');
  await store.close();
  return new Map([...open, ...readFolder(folder, 'closed: ')]);
}

function readFolder(folder: string, prefix: string): [string, Buffer][] {
  return readdirSync(folder).map((name) => [prefix + name, readFileSync(join(folder, name))]);
}

describe('files', () => {
  const secrets = [...KEYS.map((hex) => Buffer.from(hex, 'hex')), PRIVATE_KEY];

  it('hold no clear key, nor the passphrase', async () => {
    const folder = newFolder();
    using passphrase = Secret.copyOf(Buffer.from(PASSPHRASE));
    using mainKey = openPassphraseMainKey(passphrase, join(folder, 'main-key.json'));
    const files = await filesAfterUse(folder, mainKey);
    const names = ['keys.db', 'keys.db-root', 'keys.db-shm', 'keys.db-wal', 'main-key.json'].map(
      (name) => `open: ${name}`,
    );
    assert.deepEqual(
      [...files.keys()],
      [...names, 'closed: keys.db', 'closed: keys.db-root', 'closed: main-key.json'],
    );
    assert.deepEqual(filesWith([...secrets, Buffer.from(PASSPHRASE)], files), []);
    // The search finds what is there in the clear.
    assert.deepEqual(filesWith([Buffer.from('alias/kek')], files), ['open: keys.db-wal', 'closed: keys.db']);
  });

  it('but the main key file hold no main key', async () => {
    const folder = newFolder();
    using mainKey = openFileMainKey(join(folder, 'main-key'));
    const files = await filesAfterUse(folder, mainKey);
    const [, hex] = readFileSync(join(folder, 'main-key'), 'latin1').split('\n') as [string, string];
    const found = filesWith([...secrets, Buffer.from(hex, 'hex')], files);
    assert.deepEqual(found, ['open: main-key', 'closed: main-key']);
  });
});
