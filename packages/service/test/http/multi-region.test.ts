// Keys of several regions over real HTTP: one service, three regions, by the AWS SDK and by signed requests.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ConflictException,
  DeleteKeyCommand,
  GetKeyCommand,
  ListKeysCommand,
  PaymentCryptographyClient,
  StopKeyUsageCommand,
} from '@aws-sdk/client-payment-cryptography';
import { checkAnswer } from '../../src/api/check-answer.ts';
import type { ControlPlane, Key, KeySummary } from '../../src/api/control-plane.generated.ts';
import type { DataPlane } from '../../src/api/data-plane.generated.ts';
import type { OperationName } from '../../src/api/operations.ts';
import { configurationFromEnvironment, startService } from '../../src/index.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { type Credentials, signRequest } from '../access/sign.ts';

const HOME = 'us-east-2';
const WEST = 'us-west-2';
const EUROPE = 'eu-central-1';
const PROGRAM = `import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}).then((m) => m.runMain())`;
const DATA_KEY = {
  KeyUsage: 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY',
  KeyClass: 'SYMMETRIC_KEY',
  KeyAlgorithm: 'AES_256',
  KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
} as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const environment = () => ({ KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: join(directory, 'data') });

function start() {
  return startService({ ...configurationFromEnvironment(environment()), log: { write: () => undefined } });
}

function credentials(): Credentials {
  const ini = readFileSync(join(directory, 'data', 'aws-credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
}

type Planes = ControlPlane & DataPlane;

/** Calls operations of both planes with signed requests, and holds each answer against the model. */
class Caller {
  readonly url: string;
  readonly #credentials = credentials();
  constructor(url: string) {
    this.url = url;
  }

  async #send(region: string, path: string, headers: Record<string, string>, input: unknown) {
    const request = { method: 'POST', path, headers, body: JSON.stringify(input) };
    const { host } = new URL(this.url);
    const signed = await signRequest(host, this.#credentials, request, { region });
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: signed.headers,
      body: signed.body,
    });
    return { status: response.status, answer: await response.json() };
  }

  async #answer<Name extends keyof Planes>(name: Name, sent: { status: number; answer: unknown }) {
    assert.equal(sent.status, 200, JSON.stringify(sent.answer));
    checkAnswer(name as OperationName, sent.answer);
    return sent.answer as Planes[Name]['output'];
  }

  async control<Name extends keyof ControlPlane>(
    region: string,
    name: Name,
    input: ControlPlane[Name]['input'],
  ) {
    const target = { 'x-amz-target': `PaymentCryptographyControlPlane.${name}` };
    return this.#answer(name, await this.#send(region, '/', target, input));
  }

  async data(region: string, name: 'EncryptData' | 'DecryptData', key: string, input: object) {
    const path = `/keys/${encodeURIComponent(key)}/${name === 'EncryptData' ? 'encrypt' : 'decrypt'}`;
    return this.#answer(name, await this.#send(region, path, {}, input));
  }

  sdk(region: string): PaymentCryptographyClient {
    return new PaymentCryptographyClient({
      endpoint: this.url,
      region,
      credentials: this.#credentials,
      maxAttempts: 1,
    });
  }
}

test('a key is made in one region, used in three, stopped and deleted in all', async () => {
  await using stack = new AsyncDisposableStack();
  const service = await start();
  stack.defer(() => service.close());
  const caller = new Caller(service.url);
  const { Key: key } = await caller.control(HOME, 'CreateKey', {
    KeyAttributes: DATA_KEY,
    Exportable: true,
    ReplicationRegions: [WEST],
  });
  const KeyIdentifier = key.KeyArn;
  const arn = (region: string) => KeyIdentifier.replace(HOME, region);
  const { Key: added } = await caller.control(HOME, 'AddKeyReplicationRegions', {
    KeyIdentifier,
    ReplicationRegions: [EUROPE],
  });
  assert.deepEqual(Object.keys(added.ReplicationStatus!).sort(), [EUROPE, WEST]);

  const EncryptionAttributes = { Symmetric: { Mode: 'CBC' } };
  const { CipherText } = (await caller.data(HOME, 'EncryptData', KeyIdentifier, {
    PlainText: '00112233445566778899AABBCCDDEEFF',
    EncryptionAttributes,
  })) as DataPlane['EncryptData']['output'];
  for (const region of [WEST, EUROPE]) {
    const { PlainText } = (await caller.data(region, 'DecryptData', arn(region), {
      CipherText,
      DecryptionAttributes: EncryptionAttributes,
    })) as DataPlane['DecryptData']['output'];
    assert.equal(PlainText, '00112233445566778899AABBCCDDEEFF');
    const listed = await caller.sdk(region).send(new ListKeysCommand({}));
    assert.deepEqual(
      listed.Keys?.map(({ KeyArn }) => KeyArn),
      [arn(region)],
    );
    await assert.rejects(
      caller.sdk(region).send(new StopKeyUsageCommand({ KeyIdentifier: arn(region) })),
      (error) => {
        assert.ok(error instanceof ConflictException);
        assert.ok(error.message.includes(KeyIdentifier), error.message);
        return true;
      },
    );
  }

  await caller.sdk(HOME).send(new StopKeyUsageCommand({ KeyIdentifier }));
  const replica = await caller.sdk(EUROPE).send(new GetKeyCommand({ KeyIdentifier: arn(EUROPE) }));
  assert.equal(replica.Key?.Enabled, false);
  const { Key: removed } = await caller.control(HOME, 'RemoveKeyReplicationRegions', {
    KeyIdentifier,
    ReplicationRegions: [EUROPE],
  });
  assert.deepEqual(Object.keys(removed.ReplicationStatus!), [WEST]);
  await caller.sdk(HOME).send(new DeleteKeyCommand({ KeyIdentifier }));
  for (const region of [WEST, EUROPE]) {
    const { Key: gone } = await caller.control(region, 'GetKey', { KeyIdentifier: arn(region) });
    assert.equal(gone.KeyState, 'DELETE_COMPLETE');
    assert.deepEqual([gone.MultiRegionKeyType, gone.PrimaryRegion], ['REPLICA', HOME]);
  }
});

test('default regions outlive a restart', async () => {
  const first = await start();
  const regions = { ReplicationRegions: [WEST, EUROPE] };
  const enabled = await new Caller(first.url).control(HOME, 'EnableDefaultKeyReplicationRegions', regions);
  assert.deepEqual(enabled.EnabledReplicationRegions, [EUROPE, WEST]);
  await first.close();
  await using stack = new AsyncDisposableStack();
  const second = await start();
  stack.defer(() => second.close());
  const caller = new Caller(second.url);
  const one = { ReplicationRegions: [EUROPE] };
  const left = await caller.control(HOME, 'DisableDefaultKeyReplicationRegions', one);
  assert.deepEqual(left.EnabledReplicationRegions, [WEST]);
  assert.deepEqual(await caller.control(HOME, 'GetDefaultKeyReplicationRegions', {}), left);
  const { Key: key } = await caller.control(HOME, 'CreateKey', { KeyAttributes: DATA_KEY, Exportable: true });
  assert.deepEqual(key.ReplicationStatus, { [WEST]: { Status: 'SYNCHRONIZED' } });
  assert.equal(key.UsingDefaultReplicationRegions, true);
});

async function readyUrl(service: ChildProcess): Promise<string> {
  const [line] = (await once(service.stdout!, 'data')) as [Buffer];
  return /^keywright ready on (\S+)\n$/.exec(line.toString())![1]!;
}

/** So many that a kill most likely comes between a key and the last of its replicas. */
const MANY = Array.from({ length: 10 }, (_, i) => `eu-west-${i + 1}`);

/** Makes keys in many regions, several at a time, in a service that is then killed. Answers those that were said to be made. */
async function createAndKill(): Promise<Key[]> {
  const env = { ...process.env, ...environment() };
  const service = spawn(process.execPath, ['--eval', PROGRAM], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const caller = new Caller(await readyUrl(service));
  const made: Key[] = [];
  const input = { KeyAttributes: DATA_KEY, Exportable: true, ReplicationRegions: MANY };
  const makeKeys = async () => {
    for (;;) made.push((await caller.control(HOME, 'CreateKey', input)).Key);
  };
  const makers = Promise.allSettled(Array.from({ length: 12 }, makeKeys));
  await wait(200);
  const exited = once(service, 'exit');
  service.kill('SIGKILL');
  await exited;
  await makers;
  return made;
}

async function everyKey(caller: Caller, region: string): Promise<KeySummary[]> {
  const keys: KeySummary[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await caller.control(region, 'ListKeys', NextToken === undefined ? {} : { NextToken });
    keys.push(...page.Keys);
    NextToken = page.NextToken;
    if (NextToken === undefined) return keys;
  }
}

test('a service that was killed (SIGKILL) finishes at its next start what it had begun', async () => {
  const made: Key[] = [];
  let unfinished = 0;
  for (let round = 0; round < 8 && unfinished === 0; round += 1) {
    await start().then((service) => service.close());
    made.push(...(await createAndKill()));
    const store = openSqliteStore(join(directory, 'data', 'keywright.db'));
    unfinished = (await store.keysToReplicate()).length;
    await store.close();
  }
  assert.ok(unfinished > 0, 'no kill came between a key and its replicas');

  await using stack = new AsyncDisposableStack();
  const service = await start();
  stack.defer(() => service.close());
  const caller = new Caller(service.url);
  const home = await everyKey(caller, HOME);
  const stored = new Set(home.map(({ KeyArn }) => KeyArn));
  for (const { KeyArn } of made) assert.ok(stored.has(KeyArn), `${KeyArn} is gone`);
  const everywhere = Object.fromEntries(MANY.map((region) => [region, { Status: 'SYNCHRONIZED' }]));
  for (const { KeyArn } of home) {
    const { Key: key } = await caller.control(HOME, 'GetKey', { KeyIdentifier: KeyArn });
    assert.deepEqual(key.ReplicationStatus, everywhere);
  }
  for (const region of MANY) {
    const expected = home.map(({ KeyArn, ...key }) => ({
      ...key,
      KeyArn: KeyArn.replace(HOME, region),
      MultiRegionKeyType: 'REPLICA',
      PrimaryRegion: HOME,
    }));
    assert.deepEqual(await everyKey(caller, region), expected);
  }
});
