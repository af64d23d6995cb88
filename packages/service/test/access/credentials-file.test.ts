import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { openCredentialsFile } from '../../src/access/credentials-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  path = join(directory, 'aws-credentials');
});
afterEach(() => rmSync(directory, { recursive: true }));

const FORM =
  /^\[default\]\naws_access_key_id = (AKIA[A-Z2-7]{16})\naws_secret_access_key = ([A-Za-z0-9+/]{40})\n$/;

test('the first start makes an access key, and later ones read it back', () => {
  const first = openCredentialsFile(path);
  const [, id, secret] = FORM.exec(readFileSync(path, 'utf8'))!;
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['aws-credentials']);
  for (const found of [first, openCredentialsFile(path)]) {
    assert.equal(found.id, id);
    assert.equal(
      found.secret.expose((bytes) => Buffer.from(bytes).toString()),
      secret,
    );
    assert.ok(!inspect(found, { showHidden: true, depth: 9 }).includes(secret!));
  }
});

test('two first starts make two keys', () => {
  openCredentialsFile(path);
  openCredentialsFile(`${path}2`);
  assert.notEqual(readFileSync(path, 'utf8'), readFileSync(`${path}2`, 'utf8'));
});

test('a file that others may read, or that is incomplete, is refused', () => {
  openCredentialsFile(path);
  chmodSync(path, 0o640);
  assert.throws(() => openCredentialsFile(path), /chmod 600/);
  writeFileSync(path, '[default]\naws_access_key_id = AKIA\n');
  chmodSync(path, 0o600);
  assert.throws(() => openCredentialsFile(path), /aws_secret_access_key/);
});
