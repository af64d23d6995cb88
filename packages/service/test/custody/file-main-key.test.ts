import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { openFileMainKey } from '../../src/custody/file-main-key.ts';
import { MainKeyError, type MainKeyErrorCode } from '../../src/custody/main-key.ts';
import { NotPrivateError, writeOnce } from '../../src/private-file.ts';
import { newFolder } from '../store/folder.ts';

const folder = newFolder();
let count = 0;
const newPath = () => {
  const own = join(folder, `${++count}`);
  mkdirSync(own);
  return join(own, 'main-key');
};
const NOTHING = new Uint8Array();

/** Asserts a refusal that names the file and holds none of its hexadecimal digits. */
function assertRefused(path: string, code: MainKeyErrorCode): void {
  const secrets = readFileSync(path, 'latin1').match(/[0-9a-fA-F]{16,}/g) ?? [];
  assert.throws(
    () => openFileMainKey(path),
    (error) => {
      assert.ok(error instanceof MainKeyError);
      assert.equal(error.code, code);
      assert.ok(error.message.includes(path));
      for (const secret of secrets) assert.ok(!error.message.includes(secret));
      return true;
    },
  );
}

describe('main key in a file', () => {
  it('is made at the first start, for its owner only, and is the same at the next', async () => {
    const path = newPath();
    using first = openFileMainKey(path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(path, '..')), ['main-key']);
    using second = openFileMainKey(path);
    assert.equal(second.id, first.id);
    using secret = Secret.fromHex('00112233445566778899AABBCCDDEEFF');
    using opened = await second.open(await first.seal(secret, NOTHING), NOTHING);
    assert.ok(opened.equals(secret));
  });

  it('is another for every file', () => {
    const ids = Array.from({ length: 20 }, () => openFileMainKey(newPath()).id);
    assert.equal(new Set(ids).size, 20);
    for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/);
  });

  it('is refused when group or others have any right to it', () => {
    const path = newPath();
    openFileMainKey(path);
    for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777]) {
      chmodSync(path, mode);
      assert.throws(() => openFileMainKey(path), NotPrivateError);
    }
    chmodSync(path, 0o400);
    openFileMainKey(path);
  });

  it('is refused as damaged when any character of the file was changed, lost or added', () => {
    const path = newPath();
    openFileMainKey(path);
    const text = readFileSync(path, 'latin1');
    const damage = (changed: string) => {
      writeFileSync(path, changed, 'latin1');
      assertRefused(path, 'DAMAGED_FILE');
    };
    for (let i = 0; i < text.length; i++) {
      damage(text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1));
      damage(text.slice(0, i) + text.slice(i + 1));
      damage(text.slice(0, i));
    }
    damage(`${text}\n`);
    damage(` ${text}`);
    writeFileSync(path, text);
    openFileMainKey(path);
  });
});

describe('a file written once', () => {
  it('leaves the one that was there first, and nothing beside it', () => {
    const path = newPath();
    writeOnce(path, 'first');
    writeOnce(path, 'second');
    assert.equal(readFileSync(path, 'utf8'), 'first');
    assert.deepEqual(readdirSync(join(path, '..')), ['main-key']);
  });

  it('fails when it cannot be written', () => {
    assert.throws(() => writeOnce(join(folder, 'no such folder', 'main-key'), 'text'), { code: 'ENOENT' });
  });
});
