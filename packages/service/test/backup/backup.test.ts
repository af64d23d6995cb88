import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { BackupError, type BackupErrorCode } from '../../src/backup/backup-error.ts';
import { openBackup } from '../../src/backup/backup-file.ts';
import { removeCopies } from '../../src/backup/create-backup.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { openWithPassphrase, openWithToken, unsealBackup } from '../../src/backup/restored-main-key.ts';
import { openCustody } from '../../src/custody/custody.ts';
import { MainKeyError } from '../../src/custody/main-key.ts';
import { MAIN_KEY_KINDS } from '../../src/custody/main-key-files.ts';
import { makeShares } from '../../src/custody/new-shares.ts';
import { sealUnder } from '../../src/custody/sealing.ts';
import { readShare } from '../../src/custody/share.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { newSoftToken } from '../custody/soft-token.ts';
import { newFolder } from '../store/folder.ts';
import { newKeyId, someKey } from '../store/records.ts';
import {
  assertWhole,
  CLEAR,
  type DataDirectory,
  ENVIRONMENT,
  newDataDirectory,
  PASSPHRASE,
} from './data-directory.ts';

async function restoreTo(file: string, made: DataDirectory, directory: string): Promise<void> {
  await using backup = await openBackup(file);
  using mainKey = await made.openMainKey(backup);
  await restoreBackup(backup, mainKey, directory);
}

const named = (code: BackupErrorCode, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BackupError, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};

/** The forms in which clear bytes could lie in a file. */
function formsOf(hex: string): Buffer[] {
  const bytes = Buffer.from(hex, 'hex');
  const texts = [hex.toLowerCase(), hex.toUpperCase(), bytes.toString('base64').replaceAll('=', '')];
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}

describe('a backup', () => {
  for (const kind of MAIN_KEY_KINDS) {
    it(`of a main key of the kind ${kind} opens elsewhere with those who hold it`, async () => {
      await using made = await newDataDirectory(kind);
      const file = await made.backUp('backup');
      const directory = join(newFolder(), 'restored');
      await restoreTo(file, made, directory);
      await assertWhole(directory, made);
      assert.equal(statSync(directory).mode & 0o777, 0o700);
      for (const name of readdirSync(directory)) {
        if (name !== 'lock') assert.equal(statSync(join(directory, name)).mode & 0o077, 0, name);
      }
      // While it was made, nothing but the data directory's own files came to be.
      assert.deepEqual(
        readdirSync(made.directory).filter((name) => name.startsWith('backup')),
        [],
      );
    });
  }

  it('opens with no wrong passphrase', async () => {
    for (const kind of ['file', 'passphrase'] as const) {
      await using made = await newDataDirectory(kind);
      await using backup = await openBackup(await made.backUp('backup'));
      using wrong = Secret.copyOf(Buffer.from(`${PASSPHRASE}r`));
      await assert.rejects(openWithPassphrase(backup, wrong), { code: 'WRONG_PASSPHRASE' });
    }
  });

  it('opens with no shares of others, nor with too few', async () => {
    await using made = await newDataDirectory('shares');
    await using backup = await openBackup(await made.backUp('backup'));
    using unsealing = await unsealBackup(backup);
    using others = makeShares({ shares: 3, threshold: 2 });
    assert.equal(unsealing.add(made.shares[1]!), undefined);
    assert.throws(() => unsealing.add(others.text(1)), { code: 'SHARE_OF_ANOTHER_SET' });
    assert.throws(() => unsealing.add(made.shares[1]!), { code: 'SHARE_REPEATED' });
    assert.equal(unsealing.progress.given, 1);
  });

  it('opens with no other token', async () => {
    await using made = await newDataDirectory('pkcs11');
    await using backup = await openBackup(await made.backUp('backup'));
    const { uri } = newSoftToken(made.folder, 'another token');
    await assert.rejects(openWithToken(backup, uri), MainKeyError);
  });

  it('holds no main key, share, passphrase, PIN or key', async () => {
    for (const kind of MAIN_KEY_KINDS) {
      await using made = await newDataDirectory(kind);
      const content = readFileSync(await made.backUp('backup'));
      const secrets = [
        CLEAR,
        Buffer.from(PASSPHRASE).toString('hex'),
        Buffer.from('48151623').toString('hex'),
      ];
      if (kind === 'file')
        secrets.push(readFileSync(join(made.directory, 'main-key'), 'latin1').split('\n')[1]!);
      for (const text of made.shares) {
        using value = readShare(text).value;
        secrets.push(value.expose((bytes) => Buffer.from(bytes).toString('hex')));
        secrets.push(Buffer.from(text).toString('hex'));
        secrets.push(Buffer.from(text.replaceAll(' ', '')).toString('hex'));
      }
      for (const form of secrets.flatMap(formsOf)) assert.ok(!content.includes(form), kind);
      // The search finds what is there in the clear.
      assert.ok(formsOf(Buffer.from(made.keyId).toString('hex')).some((form) => content.includes(form)));
    }
  });

  it('of a main key in a file is made under a passphrase only', async () => {
    await using made = await newDataDirectory('file');
    await assert.rejects(made.createBackup(), { name: 'MainKeyError', code: 'NO_PASSPHRASE' });
  });

  it('is of one moment while others write', async () => {
    await using made = await newDataDirectory('shares');
    let going = true;
    const record = (await made.store.findKey('us-east-2', made.keyId))!;
    const writing = (async () => {
      for (; going; ) {
        await made.store.insertKey(someKey({ ...record, keyId: newKeyId() }), []);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const files = [await made.backUp('one'), await made.backUp('two')];
    going = false;
    await writing;
    for (const [i, file] of files.entries()) {
      const directory = join(made.folder, `restored ${i}`);
      await restoreTo(file, made, directory);
      await assertWhole(directory, made);
    }
  });

  it('made while the main key is replaced is of the old one, or of the new, or refused', async () => {
    await using made = await newDataDirectory('shares');
    using next = makeShares({ shares: 2, threshold: 2 });
    const shares = [next.text(1), next.text(2)];
    const means = {
      store: made.store.custody,
      environment: ENVIRONMENT,
      onFailure: (error: unknown) => assert.fail(String(error)),
      grace: 60_000,
    };
    const rotation = made.custody.rotation(means);
    const [before] = await Promise.allSettled([
      made.backUp('before'),
      rotation.start({ kind: 'shares', set: next.set, shares }),
    ]);
    if (before.status === 'rejected') assert.equal(before.reason.code, 'ROTATING');
    else {
      const directory = join(made.folder, 'of the old');
      await restoreTo(before.value, made, directory);
      await assertWhole(directory, made);
    }
    // The old main key is there still, sealed under the new one.
    assert.equal((await rotation.status).rotating, true);
    await using backup = await openBackup(await made.backUp('after'));
    using unsealing = await unsealBackup(backup);
    assert.equal(unsealing.add(shares[0]!), undefined);
    using mainKey = unsealing.add(shares[1]!)!;
    const directory = join(made.folder, 'of the new');
    await restoreBackup(backup, mainKey, directory);
    using custody = openCustody({ kind: 'shares' }, directory);
    for (const share of shares) await custody.unseal(share);
    const store = openSqliteStore(join(directory, 'keywright.db'));
    const resumed = custody.rotation({ ...means, store: store.custody, grace: 1 });
    await resumed.resume();
    await resumed.settled();
    assert.equal((await resumed.status).rotating, false);
    await store.close();
    await assertWhole(directory, { ...made, shares: ['', ...shares] });
    await rotation.stop();
  });

  it('that was broken off leaves a copy which the next start takes away', () => {
    const folder = newFolder();
    for (const name of ['backup-0123456789abcdef', 'backup-0123456789abcdef-journal', 'backup-mine'])
      writeFileSync(join(folder, name), '');
    removeCopies(folder);
    assert.deepEqual(readdirSync(folder), ['backup-mine']);
  });
});

const damaged = newFolder();

describe('damage', () => {
  let made: DataDirectory;
  let [older, newer]: [Buffer, Buffer] = [Buffer.of(), Buffer.of()];
  const path = () => join(made.folder, 'damaged');
  const headerEnd = (content: Buffer) =>
    content.indexOf('\n', content.indexOf('\n', content.indexOf('\n') + 1) + 1) + 1;
  const manifestOf = (content: Buffer) => JSON.parse(content.toString('latin1').split('\n')[1]!);
  const placesOf = (content: Buffer) => {
    let start = headerEnd(content);
    return manifestOf(content).parts.map(({ name, length }: { name: string; length: number }) => {
      start += length;
      return { name, start: start - length, end: start };
    }) as { name: string; start: number; end: number }[];
  };
  const flipped = (content: Buffer, at: number) => {
    const copy = Buffer.from(content);
    copy[at]! ^= 1;
    return copy;
  };
  const refuse = async (content: Buffer, code: BackupErrorCode, message: RegExp) => {
    writeFileSync(path(), content);
    await assert.rejects(openBackup(path()), named(code, message));
  };
  /** The manifest changed, and its hash made to fit, by somebody without the main key. */
  const forge = (content: Buffer, change: (manifest: ReturnType<typeof manifestOf>) => void) => {
    const [first, line, seal] = content.toString('latin1').split('\n') as [string, string, string];
    const manifest = JSON.parse(line);
    change(manifest);
    const text = JSON.stringify(manifest);
    const sha256 = createHash('sha256').update(text).digest('hex').toUpperCase();
    const header = `${first}\n${text}\n${JSON.stringify({ ...JSON.parse(seal), sha256 })}\n`;
    return Buffer.concat([Buffer.from(header), content.subarray(headerEnd(content))]);
  };
  const refuseForged = async (content: Buffer) => {
    writeFileSync(path(), content);
    const directory = join(made.folder, 'never');
    await using backup = await openBackup(path());
    using mainKey = await made.openMainKey(backup);
    await assert.rejects(
      restoreBackup(backup, mainKey, directory),
      named('FORGED', /nothing of it was written/),
    );
    assert.ok(!existsSync(directory));
    assert.deepEqual(
      readdirSync(made.folder).filter((name) => name.includes('restoring')),
      [],
    );
  };

  before(async () => {
    made = await newDataDirectory('shares', damaged);
    older = readFileSync(await made.backUp('older'));
    const record = (await made.store.findKey('us-east-2', made.keyId))!;
    await made.store.replaceKey({ ...record, enabled: false });
    newer = readFileSync(await made.backUp('newer'));
  });
  after(() => made[Symbol.asyncDispose]());

  it('of each part is told by its name, wherever it is', async () => {
    const places = placesOf(newer);
    assert.deepEqual(
      places.map(({ name }) => name),
      ['main-key-shares', 'keywright.db-root', 'keywright.db'],
    );
    for (const { name, start, end } of places) {
      for (const at of [start, (start + end) >> 1, end - 1])
        await refuse(flipped(newer, at), 'PART_DAMAGED', new RegExp(`the part ${name} `));
    }
  });

  it('of the header is told', async () => {
    await refuse(flipped(newer, 0), 'NOT_A_BACKUP', /no backup/);
    await refuse(
      Buffer.from(newer.toString('latin1').replace('backup 1', 'backup 2'), 'latin1'),
      'OTHER_VERSION',
      /backup 2/,
    );
    const line = newer.indexOf('\n') + 1;
    for (const at of [line, line + 30, line + 120])
      await refuse(flipped(newer, at), 'MANIFEST_DAMAGED', /manifest/);
    await refuse(Buffer.of(), 'NOT_A_BACKUP', /no backup/);
    await refuse(Buffer.alloc(100_000), 'NOT_A_BACKUP', /no backup/);
  });

  it('by cutting or adding is told, with the part that is cut', async () => {
    for (const { name, start, end } of placesOf(newer)) {
      for (const length of [start, end - 1])
        await refuse(newer.subarray(0, length), 'TRUNCATED', new RegExp(`part ${name}:`));
    }
    await refuse(newer.subarray(0, headerEnd(newer) - 1), 'TRUNCATED', /manifest/);
    await refuse(Buffer.concat([newer, Buffer.from('more')]), 'TOO_LONG', /^4 bytes/);
  });

  it('by parts of another backup, or its manifest, is told', async () => {
    const [of, to] = [placesOf(older).at(-1)!, placesOf(newer).at(-1)!];
    const swapped = Buffer.concat([newer.subarray(0, to.start), older.subarray(of.start, of.end)]);
    await refuse(swapped, 'PART_DAMAGED', /the part keywright\.db .*another backup/);
    const outdated = Buffer.concat([older.subarray(0, headerEnd(older)), newer.subarray(headerEnd(newer))]);
    await refuse(outdated, 'PART_DAMAGED', /the part keywright\.db-root /);
  });

  it('that somebody made the hashes fit is told by the tag, before anything is written', async () => {
    const database = placesOf(newer).at(-1)!;
    const changed = flipped(newer, database.start + 5000);
    const sha256 = createHash('sha256').update(changed.subarray(database.start)).digest('hex').toUpperCase();
    await refuseForged(forge(changed, (manifest) => (manifest.parts.at(-1).sha256 = sha256)));
    await refuseForged(forge(newer, (manifest) => (manifest.environment = 'test')));
    await refuseForged(forge(newer, (manifest) => (manifest.createdAt = '2030-01-01T00:00:00.000Z')));
    // The tag of the older one over the newer one's manifest.
    const seals = [older, newer].map((content) => JSON.parse(content.toString('latin1').split('\n')[2]!));
    const text = newer.toString('latin1').replace(seals[1].tag, seals[0].tag);
    await refuseForged(Buffer.from(text, 'latin1'));
  });

  it("by names that are no backup's is refused", async () => {
    for (const name of ['../main-key', 'main-key', 'aws-credentials', 'lock', 'keywright.db-wal'])
      await refuse(
        forge(newer, (manifest) => (manifest.parts[1].name = name)),
        'MANIFEST_DAMAGED',
        /no backup can/,
      );
    await refuse(
      forge(newer, (manifest) => manifest.parts.pop()),
      'MANIFEST_DAMAGED',
      /no backup can/,
    );
  });

  it('is not done to a directory in use', async () => {
    writeFileSync(path(), newer);
    const directory = join(made.folder, 'used');
    mkdirSync(directory);
    writeFileSync(join(directory, 'mine'), '');
    await assert.rejects(restoreTo(path(), made, directory), named('NOT_EMPTY', /mine/));
    assert.deepEqual(readdirSync(directory), ['mine']);
  });

  it('of another main key of the same custodians is no way in', async () => {
    writeFileSync(path(), newer);
    await using backup = await openBackup(path());
    using secret = Secret.take(new Uint8Array(32).fill(7));
    using provider = sealUnder(secret);
    const other = { provider, content: '', [Symbol.dispose]: () => undefined };
    const directory = join(made.folder, 'never');
    await assert.rejects(restoreBackup(backup, other, directory), named('FORGED', /tag/));
  });

  it('of the database alone is told: a backup is of the records that the service wrote', async () => {
    const folder = newFolder();
    await using other = await newDataDirectory('passphrase', folder);
    const database = new DatabaseSync(join(other.directory, 'keywright.db'));
    database.exec('DELETE FROM row_tree WHERE node = 1');
    database.close();
    await assert.rejects(other.backUp('never'), { name: 'TamperedDatabaseError' });
  });
});
