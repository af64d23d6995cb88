// Stores keys and aliases as fast as it can, and says of each when it is stored; to be killed by kill.test.ts.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import { createVault } from '../../src/custody/vault.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { materialOf, tagsOf } from './kill-records.ts';
import { someKey } from './records.ts';

const [folder] = process.argv.slice(2) as [string];
const vault = createVault(openFileMainKey(join(folder, 'main-key')));
const store = openSqliteStore(join(folder, 'keys.db'));
const say = (what: string, keyId: string) => writeSync(1, `${what} ${keyId}\n`);

for (;;) {
  const { sealed: _, ...record } = someKey();
  const { region, keyId } = record;
  using material = materialOf(keyId);
  const key = await vault.sealKey(record, material);
  await store.insertKey(key, tagsOf(keyId));
  say('key', keyId);
  await store.insertAlias({ region, aliasName: `alias/${keyId}`, keyId });
  say('alias', keyId);
  await store.replaceKey(await vault.resealKey(key, { enabled: false }));
  say('disabled', keyId);
}
