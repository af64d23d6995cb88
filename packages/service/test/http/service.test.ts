// The service as it is run: start, restart, refusal of a second one, signals, and the files that it makes.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, test } from 'node:test';
import {
  CreateKeyCommand,
  GetKeyCommand,
  PaymentCryptographyClient,
} from '@aws-sdk/client-payment-cryptography';
import { cipherEngineName, selectCipherEngine } from '@keywright/crypto';
import { type Configuration, configurationFromEnvironment, startService } from '../../src/index.ts';

const PROGRAM = `import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}).then((m) => m.runMain())`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
});
afterEach(() => {
  for (const service of started.splice(0)) service.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

const started: ChildProcess[] = [];

function configuration(changes: Partial<Configuration> = {}): Configuration {
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: join(directory, 'data') };
  return { ...configurationFromEnvironment(env), log: { write: () => undefined }, ...changes };
}

function run(env: Record<string, string> = {}): ChildProcess {
  const fixed = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: join(directory, 'data') };
  const service = spawn(process.execPath, ['--eval', PROGRAM], {
    env: { ...process.env, ...fixed, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(service);
  return service;
}

async function readyUrl(service: ChildProcess): Promise<string> {
  const [line] = (await once(service.stdout!, 'data')) as [Buffer];
  return /^keywright ready on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line.toString())![1]!;
}

async function refusal(service: ChildProcess): Promise<string> {
  const [output, error, [status]] = await Promise.all([
    text(service.stdout!),
    text(service.stderr!),
    once(service, 'exit'),
  ]);
  assert.deepEqual([output, status], ['', 1]);
  assert.match(error, /^keywright: .*\n$/);
  return error;
}

function client(endpoint: string): PaymentCryptographyClient {
  const ini = readFileSync(join(directory, 'data', 'aws-credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
  const credentials = {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
  };
  return new PaymentCryptographyClient({ endpoint, region: 'us-east-2', credentials, maxAttempts: 1 });
}

test('keys and credentials outlive a restart, and every file is its owner’s alone', async () => {
  const first = await startService(configuration());
  const create = new CreateKeyCommand({
    Exportable: true,
    KeyAttributes: {
      KeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_256',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
  });
  const { Key } = await client(first.url).send(create);
  await first.close();
  await assert.rejects(fetch(`${first.url}/health/live`));

  const second = await startService(configuration());
  const found = await client(second.url).send(new GetKeyCommand({ KeyIdentifier: Key!.KeyArn }));
  assert.deepEqual(found.Key, Key);
  assert.equal((await fetch(`${second.url}/health/ready`)).status, 200);
  await second.close();

  const data = join(directory, 'data');
  assert.equal(statSync(data).mode & 0o777, 0o700);
  const readable = readdirSync(data).filter(
    (name) => name !== 'lock' && statSync(join(data, name)).mode & 0o077,
  );
  assert.deepEqual(readable, []);
});

test('one line on standard output, and signals, however many, end it well', async () => {
  const service = run();
  const url = await readyUrl(service);
  assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  const exited = once(service, 'exit');
  for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) service.kill(signal);
  assert.deepEqual(await exited, [0, null]);
  const readable = readdirSync(join(directory, 'data')).filter(
    (name) => statSync(join(directory, 'data', name)).mode & 0o077,
  );
  assert.deepEqual(readable, []);
});

test('a second service on one data directory is refused, one after a kill is not', async () => {
  const first = run();
  await readyUrl(first);
  assert.match(await refusal(run()), /another keywright service is using the data directory/);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const next = run();
  await readyUrl(next);
  next.kill('SIGINT');
  assert.deepEqual(await once(next, 'exit'), [0, null]);
});

test('a port in use is named, and what was opened is closed again', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const message = new RegExp(`^port ${port} of 127\\.0\\.0\\.1 is in use; set KEYWRIGHT_PORT`);
  await assert.rejects(startService(configuration({ port })), { message });
  other.close();
  await (await startService(configuration())).close();
});

for (const host of ['192.0.2.1', 'nohost.invalid']) {
  test(`a host that is not the machine's is named: ${host}`, async () => {
    const service = run({ KEYWRIGHT_HOST: host });
    const [error, [status]] = await Promise.all([text(service.stderr!), once(service, 'exit')]);
    assert.equal(
      error.trimEnd().split('\n').at(-1),
      `keywright: KEYWRIGHT_HOST ${host} is no address of this machine`,
    );
    assert.equal(status, 1);
  });
}

test('a wrong variable is one line on standard error and status 1', async () => {
  assert.match(await refusal(run({ KEYWRIGHT_PORT: 'http' })), /^keywright: KEYWRIGHT_PORT must be/);
});

test('a main key from a passphrase file, which must be private and right', async () => {
  const file = join(directory, 'passphrase');
  const start = () => startService(configuration({ mainKey: { kind: 'passphrase', file } }));
  writeFileSync(file, 'correct horse battery\n', { mode: 0o600 });
  await (await start()).close();
  writeFileSync(file, 'correct horse battery');
  await (await start()).close();
  writeFileSync(file, 'another horse battery');
  await assert.rejects(start(), { code: 'WRONG_PASSPHRASE' });
  chmodSync(file, 0o644);
  await assert.rejects(start(), /chmod 600/);
});

for (const [title, changes, engine] of [
  ['the fast one by default', {}, 'fast'],
  ["OpenSSL's where the configuration names it", { cipherEngine: 'openssl' }, 'openssl'],
] as const) {
  test(`says once at start which cipher engine works: ${title}`, async () => {
    const byDefault = cipherEngineName();
    if (engine === 'fast') selectCipherEngine('fast');
    const lines: string[] = [];
    try {
      const service = await startService(
        configuration({ ...changes, log: { write: (line) => lines.push(line) } }),
      );
      await service.close();
    } finally {
      selectCipherEngine(byDefault);
    }
    const said = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'cipher-engine');
    assert.deepEqual(
      said.map((line) => line.engine),
      [engine],
    );
  });
}
