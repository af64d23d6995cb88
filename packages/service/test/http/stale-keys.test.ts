// A key that another process disables, deletes, re-tags or takes an alias from is not used by the next request, however warm it is.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openCredentialsFile } from '../../src/access/credentials-file.ts';
import { TARGET_PREFIX } from '../../src/api/operations.ts';
import { configurationFromEnvironment, startService } from '../../src/index.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { signRequest } from '../access/sign.ts';
import { attributes } from '../operations/service.ts';

const REGION = 'us-east-2';
const ALIAS = 'alias/data';
const ATTRIBUTES = { Symmetric: { Mode: 'ECB' } };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
type Answer = { readonly status: number; readonly body: any };

interface Running {
  readonly keyId: string;
  /** What another process has open. */
  readonly other: Store;
  control(name: string, input: object): Promise<Answer>;
  /** Encrypts sixteen zero bytes with the key that the alias points to. */
  encrypt(): Promise<Answer>;
}

/** A service with an alias to a key that was used already. */
async function start(t: TestContext): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory };
  const service = await startService({
    ...configurationFromEnvironment(env),
    log: { write: () => undefined },
  });
  const other = openSqliteStore(join(directory, 'keywright.db'));
  t.after(async () => {
    await other.close();
    await service.close();
    rmSync(directory, { recursive: true });
  });
  const { id: accessKeyId, secret } = openCredentialsFile(join(directory, 'aws-credentials'));
  const credentials = {
    accessKeyId,
    secretAccessKey: secret.expose((bytes) => Buffer.from(bytes).toString()),
  };
  const send = async (path: string, input: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const request = { method: 'POST', path, headers, body: JSON.stringify(input) };
    const signed = await signRequest(new URL(service.url).host, credentials, request);
    const response = await fetch(`${service.url}${path}`, signed);
    return { status: response.status, body: await response.json() };
  };
  const control: Running['control'] = (name, input) =>
    send('/', input, { 'x-amz-target': `${TARGET_PREFIX}${name}` });
  const encrypt = () =>
    send(`/keys/${encodeURIComponent(ALIAS)}/encrypt`, {
      PlainText: '00'.repeat(16),
      EncryptionAttributes: ATTRIBUTES,
    });
  const KeyAttributes = attributes('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'AES_128', 'B');
  const { Key } = (await control('CreateKey', { KeyAttributes, Exportable: true })).body;
  await control('CreateAlias', { AliasName: ALIAS, KeyArn: Key.KeyArn });
  for (let i = 0; i < 2; i += 1) assert.equal((await encrypt()).status, 200);
  return { keyId: Key.KeyArn.split('/')[1], other, control, encrypt };
}

test('disabled', async (t) => {
  const { other, keyId, encrypt } = await start(t);
  await other.replaceKey({ ...(await other.findKey(REGION, keyId))!, enabled: false });
  const { status, body } = await encrypt();
  assert.equal(status, 400);
  assert.match(body.message, /it is disabled/);
});

test('to be deleted, and deleted', async (t) => {
  const { other, keyId, encrypt } = await start(t);
  const key = (await other.findKey(REGION, keyId))!;
  await other.replaceKey({ ...key, state: 'DELETE_PENDING' });
  assert.match((await encrypt()).body.message, /in state DELETE_PENDING/);
  await other.retireKey({ ...key, revision: key.revision + 1, state: 'DELETE_COMPLETE', sealed: undefined });
  assert.equal((await encrypt()).status, 404);
});

test('its record changed, without new sealed bytes', async (t) => {
  const { other, keyId, encrypt } = await start(t);
  await other.replaceKey({ ...(await other.findKey(REGION, keyId))!, checkValue: 'FFFFFF' });
  assert.equal((await encrypt()).status, 500);
});

test('re-tagged away from the caller, and back; then a policy of its own', async (t) => {
  const { other, keyId, control, encrypt } = await start(t);
  const ResourceArn = `arn:aws:payment-cryptography:${REGION}:111122223333:key/${keyId}`;
  const Statement = {
    Effect: 'Deny',
    Principal: { AWS: 'arn:aws:iam::111122223333:user/administrator' },
    Action: 'payment-cryptography:EncryptData',
    Resource: '*',
    Condition: { StringEquals: { 'aws:ResourceTag/team': 'issuing' } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  assert.equal((await control('PutResourcePolicy', { ResourceArn, Policy })).status, 200);
  const { Condition, ...always } = Statement;
  const denyAlways = JSON.stringify({ Version: '2012-10-17', Statement: always });
  const steps: [() => Promise<unknown>, number][] = [
    [async () => undefined, 200],
    [() => other.putTags(REGION, keyId, [{ Key: 'team', Value: 'issuing' }], 50), 403],
    [() => other.putTags(REGION, keyId, [{ Key: 'team', Value: 'acquiring' }], 50), 200],
    [() => other.putResourcePolicy(REGION, keyId, denyAlways), 403],
    [() => other.removeResourcePolicy(REGION, keyId), 200],
  ];
  for (const [change, status] of steps) {
    await change();
    assert.equal((await encrypt()).status, status);
    assert.equal((await encrypt()).status, status);
  }
});

test('its alias pointed elsewhere, and to none', async (t) => {
  const { other, encrypt, keyId, control } = await start(t);
  const KeyAttributes = attributes('TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'AES_128', 'B');
  const { Key } = (await control('CreateKey', { KeyAttributes, Exportable: true })).body;
  assert.ok((await encrypt()).body.KeyArn.endsWith(keyId));
  await other.replaceAlias({ region: REGION, aliasName: ALIAS, keyId: Key.KeyArn.split('/')[1] });
  assert.equal((await encrypt()).body.KeyArn, Key.KeyArn);
  await other.deleteAlias(REGION, ALIAS);
  assert.equal((await encrypt()).status, 404);
});
