import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { credentials, emptyProject, REGION, ROOT, ServiceProcess } from './service.ts';

const ROUNDS = 5;
const LAUNCHER = join(ROOT, 'packages', 'cli', 'bin', 'keywright.js');
const AES_KEY = {
  KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
  KeyClass: 'SYMMETRIC_KEY',
  KeyAlgorithm: 'AES_128',
  KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
} as const;

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
type Event = any;

function connect(url: string, directory: string): PaymentCryptography {
  const signer = credentials(directory);
  return new PaymentCryptography({ endpoint: url, region: REGION, credentials: signer, maxAttempts: 1 });
}

function auditOf(directory: string): string {
  return join(directory, '.keywright', 'audit');
}

/** The lines of all chains. */
function recordsOf(directory: string): Event[] {
  const files = readdirSync(auditOf(directory), { recursive: true }) as string[];
  const segments = files.filter((file) => /\d{16}\.ndjson$/.test(file)).sort();
  const lines = segments.flatMap((file) => readFileSync(join(auditOf(directory), file), 'utf8').split('\n'));
  return lines.filter((line) => line.startsWith('{') && line.endsWith('}')).map((line) => JSON.parse(line));
}

function verify(directory: string) {
  const args = [
    'audit',
    'verify',
    auditOf(directory),
    '--public-key',
    join(auditOf(directory), 'public-key.pem'),
  ];
  return spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });
}

/** Creates keys until the service is gone. */
async function burst(client: PaymentCryptography, acknowledged: Set<string>): Promise<void> {
  for (;;) {
    try {
      const { Key } = await client.createKey({ Exportable: true, KeyAttributes: AES_KEY });
      acknowledged.add(Key!.KeyArn!);
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      assert.equal($metadata?.httpStatusCode, undefined, (error as Error).message);
      return;
    }
  }
}

async function listAll(client: PaymentCryptography): Promise<string[]> {
  const arns: string[] = [];
  for (let NextToken: string | undefined; ; ) {
    const page = await client.listKeys({ MaxResults: 100, NextToken });
    arns.push(...page.Keys!.map(({ KeyArn }) => KeyArn!));
    NextToken = page.NextToken;
    if (NextToken === undefined) return arns;
  }
}

test('kill -9 in a burst of changes: every key that is stored is on record, and the chain is whole', async () => {
  using project = emptyProject();
  const { directory } = project;
  const acknowledged = new Set<string>();
  await using running = new AsyncDisposableStack();
  const start = async () => running.use(await ServiceProcess.start(directory));
  let service = await start();
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = connect(service.url, directory);
    const bursts = Promise.all([1, 2, 3, 4].map(() => burst(client, acknowledged)));
    const before = acknowledged.size;
    // However slow the machine is, some are acknowledged before it ends.
    while (acknowledged.size < before + 2) await setTimeout(10);
    await setTimeout((64 * round) % 250);
    await service.end('SIGKILL');
    await bursts;
    service = await start();
  }
  const stored = await listAll(connect(service.url, directory));
  await service.end('SIGTERM');

  const { status, stdout, stderr } = verify(directory);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^whole: /m);
  const records = recordsOf(directory);
  const made = records.filter(({ event }) => event?.eventName === 'CreateKey');
  const onRecord = new Set(made.flatMap(({ event }) => event.resources.map((key: Event) => key.ARN)));
  assert.ok(acknowledged.size > ROUNDS);
  for (const arn of acknowledged)
    assert.ok(onRecord.has(arn), `${arn} was acknowledged and is not on record`);
  // Of a key that was stored, and not acknowledged, it is on record that it was about to be made.
  const ended = new Set(made.map(({ event }) => event.requestID));
  const attempts = records.filter(({ attempt }) => attempt?.eventName === 'CreateKey');
  const open = attempts.filter(({ attempt }) => !ended.has(attempt.requestID));
  assert.ok(stored.filter((arn) => !onRecord.has(arn)).length <= open.length);
  const found = records.filter(({ event }) => event?.eventName === 'RecoverAudit');
  const named = found.flatMap(({ event }) => event.serviceEventDetails.unfinished ?? []);
  for (const { attempt } of open) assert.ok(named.includes(attempt.requestID));
});

test('without its audit the service changes nothing and still answers, until the audit is back', async () => {
  using project = emptyProject();
  const { directory } = project;
  await using service = await ServiceProcess.start(directory);
  const client = connect(service.url, directory);
  const { Key } = await client.createKey({ Exportable: true, KeyAttributes: AES_KEY });
  const KeyIdentifier = Key!.KeyArn!;
  const readiness = async () => (await fetch(`${service.url}/health/ready`)).status;

  renameSync(auditOf(directory), `${auditOf(directory)}-away`);
  writeFileSync(auditOf(directory), 'no directory');
  for (const change of [
    client.createKey({ Exportable: true, KeyAttributes: AES_KEY }),
    client.deleteKey({ KeyIdentifier }),
    client.createAlias({ AliasName: 'alias/none' }),
  ]) {
    await assert.rejects(change, { name: 'ServiceUnavailableException', message: /nothing was changed/ });
  }
  assert.equal((await client.getKey({ KeyIdentifier })).Key!.KeyState, 'CREATE_COMPLETE');
  assert.deepEqual([(await listAll(client)).length, await readiness()], [1, 503]);

  rmSync(auditOf(directory));
  renameSync(`${auditOf(directory)}-away`, auditOf(directory));
  while ((await readiness()) !== 200) await setTimeout(50);
  await client.createAlias({ AliasName: 'alias/again' });
  await service.end('SIGTERM');
  const { status, stderr } = verify(directory);
  assert.equal(status, 0, stderr);
  const names = recordsOf(directory).map(({ event }) => `${event?.eventName} ${event?.errorCode ?? 'ok'}`);
  const count = (name: string) => names.filter((found) => found === name).length;
  assert.deepEqual(
    [count('CreateKey ServiceUnavailableException'), count('DeleteKey ServiceUnavailableException')],
    [1, 1],
  );
  assert.deepEqual([count('GetKey ok'), count('RestoreAudit ok'), count('CreateAlias ok')], [1, 1, 1]);
});
