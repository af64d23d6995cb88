import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { ConfigurationError, configurationFromEnvironment } from '../../src/index.ts';

test('defaults', () => {
  const { log, ...others } = configurationFromEnvironment({ KEYWRIGHT_PORT: '' });
  assert.equal(log, process.stderr);
  assert.deepEqual(others, {
    host: '127.0.0.1',
    port: 3131,
    dataDirectory: join(process.cwd(), '.keywright'),
    account: '111122223333',
    mainKey: { kind: 'file' },
  });
});

test('every variable', () => {
  const { log: _, ...others } = configurationFromEnvironment({
    KEYWRIGHT_HOST: '::1',
    KEYWRIGHT_PORT: '0',
    KEYWRIGHT_DATA_DIR: 'data',
    KEYWRIGHT_ACCOUNT_ID: '000000000001',
    KEYWRIGHT_MAIN_KEY: 'passphrase',
    KEYWRIGHT_PASSPHRASE_FILE: 'secret.txt',
  });
  assert.deepEqual(others, {
    host: '::1',
    port: 0,
    dataDirectory: resolve('data'),
    account: '000000000001',
    mainKey: { kind: 'passphrase', file: resolve('secret.txt') },
  });
});

const WRONG: [Record<string, string>, RegExp][] = [
  [{ KEYWRIGHT_PORT: '65536' }, /^KEYWRIGHT_PORT must be a port number from 0 to 65535/],
  [{ KEYWRIGHT_PORT: '-1' }, /^KEYWRIGHT_PORT/],
  [{ KEYWRIGHT_PORT: '80a' }, /^KEYWRIGHT_PORT/],
  [{ KEYWRIGHT_ACCOUNT_ID: '12345678901' }, /^KEYWRIGHT_ACCOUNT_ID must be 12 digits$/],
  [{ KEYWRIGHT_MAIN_KEY: 'hsm' }, /^KEYWRIGHT_MAIN_KEY must be "file" or "passphrase"$/],
  [{ KEYWRIGHT_MAIN_KEY: 'passphrase' }, /^KEYWRIGHT_PASSPHRASE_FILE must name a file/],
  [
    { KEYWRIGHT_DATABASE_URL: 'postgres://u:hidden@h/d' },
    /^KEYWRIGHT_DATABASE_URL must not be set: PostgreSQL comes later/,
  ],
];

for (const [env, message] of WRONG) {
  test(`refused: ${Object.keys(env).join()}=${Object.values(env)[0]}`, () => {
    assert.throws(
      () => configurationFromEnvironment(env),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('\n') && !error.message.includes('hidden'));
        return true;
      },
    );
  });
}
