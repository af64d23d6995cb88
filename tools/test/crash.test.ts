import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { keyCheckValue, randomBytes, Secret, wrapKeyBlock } from '@keywright/crypto';
import { createKek, type Kek } from './kek.ts';
import { credentials, emptyProject, REGION, ServiceProcess } from './service.ts';

const ROUNDS = 8;
const HEADER = {
  version: 'D',
  keyUsage: 'P0',
  algorithm: 'A',
  modeOfUse: 'B',
  keyVersion: '00',
  exportability: 'E',
  keyContext: '0',
  reserved: '0',
} as const;

function connect(url: string, directory: string): PaymentCryptography {
  return new PaymentCryptography({
    endpoint: url,
    region: REGION,
    credentials: credentials(directory),
    maxAttempts: 1,
  });
}

async function importOne(client: PaymentCryptography, kek: Kek): Promise<[string, string]> {
  using key = Secret.take(randomBytes(16));
  const WrappedKeyBlock = wrapKeyBlock({ kbpk: kek.key, key, header: HEADER });
  const { Key } = await client.importKey({
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek.arn, WrappedKeyBlock } },
    Tags: [{ Key: 'kcv', Value: keyCheckValue('AES', key) }],
  });
  return [Key!.KeyArn!, keyCheckValue('AES', key)];
}

async function createOne(client: PaymentCryptography): Promise<[string, string]> {
  const { Key } = await client.createKey({
    Exportable: true,
    KeyAttributes: {
      KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
    Tags: [{ Key: 'origin', Value: 'created' }],
  });
  return [Key!.KeyArn!, Key!.KeyCheckValue!];
}

/** Imports and creates as fast as it can until the service is gone. What was answered is in `acknowledged`. */
async function burst(
  client: PaymentCryptography,
  kek: Kek,
  acknowledged: Map<string, string>,
): Promise<void> {
  for (;;) {
    try {
      acknowledged.set(...(await importOne(client, kek)));
      acknowledged.set(...(await createOne(client)));
    } catch (error) {
      // A status means that the service answered: it must refuse nothing, only be gone.
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      assert.equal($metadata?.httpStatusCode, undefined, (error as Error).message);
      return;
    }
  }
}

async function listAll(client: PaymentCryptography): Promise<string[]> {
  const arns: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.listKeys({ MaxResults: 100, NextToken });
    arns.push(...page.Keys!.map(({ KeyArn }) => KeyArn!));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return arns;
}

/** A key is whole when its material opens, is the key that its check value says, and its tag is there. */
async function assertWhole(client: PaymentCryptography, kek: Kek, arn: string): Promise<string> {
  const { Key } = await client.getKey({ KeyIdentifier: arn });
  const { WrappedKey } = await client.exportKey({
    ExportKeyIdentifier: arn,
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek.arn } },
  });
  assert.equal(WrappedKey!.KeyCheckValue, Key!.KeyCheckValue);
  const { Tags } = await client.listTagsForResource({ ResourceArn: arn });
  assert.equal(Tags!.length, 1);
  return Key!.KeyCheckValue!;
}

test('kill -9 in a burst of imports and creates loses no acknowledged key and leaves no half-stored one', async () => {
  using project = emptyProject();
  const { directory } = project;
  const acknowledged = new Map<string, string>();
  await using running = new AsyncDisposableStack();
  const start = async () => running.use(await ServiceProcess.start(directory));
  let service = await start();
  using kek = await createKek(connect(service.url, directory));
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = connect(service.url, directory);
    const bursts = Promise.all([1, 2, 3, 4].map(() => burst(client, kek, acknowledged)));
    const before = acknowledged.size;
    // However slow the machine is, some are acknowledged before it ends.
    while (acknowledged.size < before + 2) await setTimeout(10);
    await setTimeout((64 * round) % 250);
    await service.end('SIGKILL');
    await bursts;
    service = await start();
  }
  const client = connect(service.url, directory);
  const stored = (await listAll(client)).filter((arn) => arn !== kek.arn);
  assert.ok(acknowledged.size > ROUNDS, `only ${acknowledged.size} keys were acknowledged`);
  for (const [arn, kcv] of acknowledged) assert.equal(await assertWhole(client, kek, arn), kcv);
  for (const arn of stored) await assertWhole(client, kek, arn);
  // Of each burst at most the requests in flight can be stored and not acknowledged.
  assert.ok(stored.length - acknowledged.size <= 4 * ROUNDS);
});
