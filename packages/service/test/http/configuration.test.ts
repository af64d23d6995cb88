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
    environment: 'development',
    quotas: { keys: undefined, aliases: undefined },
    rates: { control: undefined, data: undefined },
    samples: false,
    workers: 1,
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
    KEYWRIGHT_ENVIRONMENT: 'production.eu-1',
    KEYWRIGHT_QUOTA_KEYS: '2000',
    KEYWRIGHT_QUOTA_ALIASES: '2001',
    KEYWRIGHT_RATE_CONTROL: '5',
    KEYWRIGHT_RATE_DATA: '500',
    KEYWRIGHT_AWS_SAMPLES: '1',
    KEYWRIGHT_WORKERS: '4',
    KEYWRIGHT_METRICS: '[::1]:9464',
    KEYWRIGHT_CIPHER_ENGINE: 'openssl',
  });
  assert.deepEqual(others, {
    host: '::1',
    port: 0,
    dataDirectory: resolve('data'),
    account: '000000000001',
    mainKey: { kind: 'passphrase', file: resolve('secret.txt') },
    environment: 'production.eu-1',
    quotas: { keys: 2000, aliases: 2001 },
    rates: { control: 5, data: 500 },
    samples: true,
    workers: 4,
    metrics: { host: '::1', port: 9464 },
    cipherEngine: 'openssl',
  });
});

const WRONG: [Record<string, string>, RegExp][] = [
  [{ KEYWRIGHT_PORT: '65536' }, /^KEYWRIGHT_PORT must be a port number from 0 to 65535/],
  [{ KEYWRIGHT_PORT: '-1' }, /^KEYWRIGHT_PORT/],
  [
    { KEYWRIGHT_QUOTA_KEYS: '0' },
    /^KEYWRIGHT_QUOTA_KEYS must be a whole number from 1 to 999999999, or not be set$/,
  ],
  [{ KEYWRIGHT_QUOTA_ALIASES: 'many' }, /^KEYWRIGHT_QUOTA_ALIASES/],
  [{ KEYWRIGHT_RATE_CONTROL: '0.5' }, /^KEYWRIGHT_RATE_CONTROL/],
  [{ KEYWRIGHT_RATE_DATA: '-1' }, /^KEYWRIGHT_RATE_DATA/],
  [{ KEYWRIGHT_CIPHER_ENGINE: 'aes-ni' }, /^KEYWRIGHT_CIPHER_ENGINE must be fast or openssl$/],
  [{ KEYWRIGHT_AWS_SAMPLES: 'yes' }, /^KEYWRIGHT_AWS_SAMPLES must be 1/],
  [
    { KEYWRIGHT_METRICS: '9464' },
    /^KEYWRIGHT_METRICS must be an address and a port, such as 127\.0\.0\.1:9464$/,
  ],
  [{ KEYWRIGHT_METRICS: '127.0.0.1:65536' }, /^KEYWRIGHT_METRICS/],
  [{ KEYWRIGHT_METRICS: '::1:9464' }, /^KEYWRIGHT_METRICS/],
  [{ KEYWRIGHT_WORKERS: '0' }, /^KEYWRIGHT_WORKERS must be a number of processes from 1 to 99$/],
  [{ KEYWRIGHT_WORKERS: '2.5' }, /^KEYWRIGHT_WORKERS/],
  [{ KEYWRIGHT_PORT: '80a' }, /^KEYWRIGHT_PORT/],
  [{ KEYWRIGHT_ACCOUNT_ID: '12345678901' }, /^KEYWRIGHT_ACCOUNT_ID must be 12 digits$/],
  [{ KEYWRIGHT_MAIN_KEY: 'hsm' }, /^KEYWRIGHT_MAIN_KEY must be "file", "passphrase", "shares" or "pkcs11"$/],
  [{ KEYWRIGHT_MAIN_KEY: 'pkcs11' }, /^KEYWRIGHT_PKCS11_URI must begin with "pkcs11:"/],
  [
    {
      KEYWRIGHT_MAIN_KEY: 'pkcs11',
      KEYWRIGHT_PKCS11_URI: 'pkcs11:token=a;object=b?module-path=c&pin-value=hidden',
    },
    /^KEYWRIGHT_PKCS11_URI must not have "pin-value"/,
  ],
  [{ KEYWRIGHT_ENVIRONMENT: 'Production' }, /^KEYWRIGHT_ENVIRONMENT must be a name of 1 to 63/],
  [{ KEYWRIGHT_ENVIRONMENT: 'a'.repeat(64) }, /^KEYWRIGHT_ENVIRONMENT/],
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
