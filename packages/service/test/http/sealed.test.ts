// The service whose main key is in shares: sealed at its start, unsealed by its custodians, sealed again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  GetKeyCommand,
  PaymentCryptographyClient,
} from '@aws-sdk/client-payment-cryptography';
import { configurationFromEnvironment, newShares, startService } from '../../src/index.ts';
import { signRequest } from '../access/sign.ts';
import { newFolder } from '../store/folder.ts';

const KEY_ATTRIBUTES = {
  KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
  KeyClass: 'SYMMETRIC_KEY',
  KeyAlgorithm: 'AES_128',
  KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
} as const;

const directory = join(newFolder(), 'data');

function handOut(): string[] {
  using made = newShares(directory, { shares: 4, threshold: 3 });
  const texts = [1, 2, 3, 4].map((index) => made.text(index));
  made.keep();
  return texts;
}

const log: string[] = [];

async function start() {
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory, KEYWRIGHT_MAIN_KEY: 'shares' };
  const write = (line: string) => void log.push(line);
  return startService({ ...configurationFromEnvironment(env), log: { write } });
}

function administrator() {
  const file = readFileSync(join(directory, 'aws-credentials'), 'utf8');
  const read = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)$`, 'm').exec(file)![1]!;
  return { accessKeyId: read('aws_access_key_id'), secretAccessKey: read('aws_secret_access_key') };
}

function client(url: string) {
  return new PaymentCryptographyClient({
    endpoint: url,
    region: 'us-east-2',
    credentials: administrator(),
    maxAttempts: 1,
  });
}

async function json(response: Response): Promise<[number, Record<string, unknown>]> {
  return [response.status, (await response.json()) as Record<string, unknown>];
}

async function give(url: string, share: unknown) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ share });
  return json(await fetch(`${url}/keywright/v1/unseal`, { method: 'POST', headers, body }));
}

async function signed(url: string, path: string) {
  const request = { method: 'POST', path: `/keywright/v1/${path}`, headers: {}, body: '{}' };
  const { headers, body } = await signRequest(new URL(url).host, administrator(), request);
  return json(await fetch(`${url}${request.path}`, { method: 'POST', headers, body }));
}

const shares = handOut();

test('no operation is answered until as many custodians as are needed have given their shares', async () => {
  await using service = await start().then((running) => ({
    ...running,
    [Symbol.asyncDispose]: () => running.close(),
  }));
  const { url } = service;
  const create = new CreateKeyCommand({ Exportable: true, KeyAttributes: KEY_ATTRIBUTES });
  const unavailable = { name: 'ServiceUnavailableException', message: /sealed/ };
  const ready = async () => json(await fetch(`${url}/health/ready`));

  assert.deepEqual(await json(await fetch(`${url}/health/live`)), [200, { status: 'live' }]);
  assert.deepEqual(await ready(), [503, { status: 'sealed' }]);
  await assert.rejects(client(url).send(create), unavailable);
  const [status, answer] = await json(await fetch(`${url}/pindata/verify`, { method: 'POST', body: '{}' }));
  assert.deepEqual(
    [status, answer.Message ?? answer.message],
    [503, 'The service is sealed: its custodians have to unseal it first (keywright unseal).'],
  );
  assert.deepEqual(await signed(url, 'seal').then(([code]) => code), 503);

  const [, { setId }] = await json(await fetch(`${url}/keywright/v1/unseal`));
  assert.deepEqual(await give(url, shares[1]), [
    200,
    { sealed: true, given: 1, threshold: 3, shares: 4, setId },
  ]);
  const [code, refusal] = await give(url, shares[1]);
  assert.deepEqual([code, refusal.message], [400, 'share 2 was given already']);
  for (const wrong of ['', 'abc', 5, undefined, 'x'.repeat(1000)])
    assert.equal((await give(url, wrong))[0], 400);
  await give(url, shares[3]);
  assert.deepEqual(await ready(), [503, { status: 'sealed' }]);
  assert.deepEqual((await give(url, shares[0]))[1], {
    sealed: false,
    given: 0,
    threshold: 3,
    shares: 4,
    setId,
  });
  assert.deepEqual(await ready(), [200, { status: 'ready' }]);
  assert.match(String((await give(url, shares[2]))[1].message), /not sealed/);
  const { Key } = await client(url).send(create);

  assert.deepEqual(await signed(url, 'seal'), [
    200,
    { sealed: true, given: 0, threshold: 3, shares: 4, setId },
  ]);
  await assert.rejects(client(url).send(new GetKeyCommand({ KeyIdentifier: Key!.KeyArn })), unavailable);
  await give(url, shares[2]);
  assert.equal((await signed(url, 'unseal/abort'))[1].given, 0);
  for (const share of shares.slice(1)) await give(url, share);
  const found = await client(url).send(new GetKeyCommand({ KeyIdentifier: Key!.KeyArn }));
  assert.equal(found.Key!.KeyCheckValue, Key!.KeyCheckValue);
});

test('it is sealed again at the next start, and only a signature of the administrator seals', async () => {
  const service = await start();
  const { url } = service;
  try {
    assert.equal((await fetch(`${url}/health/ready`)).status, 503);
    for (const share of shares.slice(0, 3)) await give(url, share);
    for (const path of ['seal', 'unseal/abort']) {
      assert.equal((await fetch(`${url}/keywright/v1/${path}`, { method: 'POST', body: '{}' })).status, 403);
    }
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  } finally {
    await service.close();
  }
});

test('nothing of a share is in the log or in a file of the data directory', () => {
  const files = ['aws-credentials', 'keywright.db', 'main-key-shares'].map((name) =>
    readFileSync(join(directory, name), 'latin1'),
  );
  assert.ok(log.length > 10);
  const parts = shares.flatMap((share) => {
    const text = share.replaceAll(' ', '');
    return [share.slice(10, 24), share.slice(40, 54), text.slice(9, 21), text.slice(40, 52)];
  });
  for (const content of [...log, ...files]) {
    for (const part of parts) assert.ok(!content.includes(part));
  }
});
