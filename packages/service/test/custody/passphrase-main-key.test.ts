import assert from 'node:assert/strict';
import { createHmac, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyErrorCode } from '../../src/custody/main-key.ts';
import { openPassphraseMainKey } from '../../src/custody/passphrase-main-key.ts';
import { newFolder } from '../store/folder.ts';

const folder = newFolder();
const path = join(folder, 'main-key.json');
const PASSPHRASE = 'correct horse battery';
const secretOf = (text: string) => Secret.copyOf(Buffer.from(text));
const NOTHING = new Uint8Array();

function assertRefused(passphrase: string, file: string, code: MainKeyErrorCode): void {
  assert.throws(
    () => openPassphraseMainKey(secretOf(passphrase), file),
    (error) => error instanceof MainKeyError && error.code === code && !error.message.includes(passphrase),
  );
}

// Every derivation takes some tenths of a second, so these tests share one file and build on each other.
describe('main key from a passphrase', () => {
  it('is made at the first start and is the same at the next', async () => {
    using first = openPassphraseMainKey(secretOf(PASSPHRASE), path);
    using second = openPassphraseMainKey(secretOf(PASSPHRASE), path);
    assert.equal(second.id, first.id);
    using secret = Secret.fromHex('00112233445566778899AABBCCDDEEFF');
    using opened = await second.open(await first.seal(secret, NOTHING), NOTHING);
    assert.ok(opened.equals(secret));
  });

  it('is scrypt with the parameters in the file', () => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const { salt, mainKeyId, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(rest, { version: 1, kdf: 'scrypt', N: 131072, r: 8, p: 1 });
    const key = scryptSync(PASSPHRASE, Buffer.from(salt, 'hex'), 32, {
      N: 131072,
      r: 8,
      p: 1,
      maxmem: 2 ** 28,
    });
    const id = createHmac('sha256', key).update('keywright main key id\x01').digest('hex').slice(0, 16);
    assert.equal(mainKeyId.toLowerCase(), id);
  });

  it('is refused at the start when the passphrase is wrong', () => {
    assertRefused('correct horse batterz', path, 'WRONG_PASSPHRASE');
  });

  it('is refused when the passphrase is shorter than 12 characters, whatever its bytes', () => {
    const unused = join(folder, 'unused.json');
    for (const passphrase of ['short', 'eleven char', 'äöüäöüäöüäö', '𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞𝄞']) {
      assertRefused(passphrase, unused, 'PASSPHRASE_TOO_SHORT');
    }
    assert.equal(existsSync(unused), false);
    // Twelve are enough: it comes to the question whether they are the right ones.
    assertRefused('äöüäöüäöüäöü', path, 'WRONG_PASSPHRASE');
  });

  it('is refused when the file is damaged, or asks for another derivation', () => {
    const text = readFileSync(path, 'utf8');
    const changed = (change: object) => JSON.stringify({ ...JSON.parse(text), ...change });
    const damaged = [
      '',
      'null',
      '[]',
      text.slice(0, -4),
      ...[{ version: 2 }, { kdf: 'pbkdf2' }, { N: 2 }, { N: '131072' }, { r: 1 }, { p: 2 }].map(changed),
      ...[{ salt: '' }, { salt: 'zz'.repeat(32) }, { salt: undefined }, { mainKeyId: '00' }].map(changed),
    ];
    for (const content of damaged) {
      writeFileSync(path, content);
      assertRefused(PASSPHRASE, path, 'DAMAGED_FILE');
    }
  });
});
