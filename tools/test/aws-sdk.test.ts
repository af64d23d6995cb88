import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-payment-cryptography';
import { keyCheckValue, randomBytes, Secret, unwrapKeyBlock, wrapKeyBlock } from '@keywright/crypto';
import { createKek, type Kek } from './kek.ts';
import { credentials, emptyProject, REGION, ServiceProcess } from './service.ts';

const WRAP = { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true };
const AliasName = 'alias/sdk/terminal-key';

/** A client that notes which operations it calls. */
function recordingClient(url: string, directory: string, called: Set<string>): sdk.PaymentCryptography {
  const client = new sdk.PaymentCryptography({
    endpoint: url,
    region: REGION,
    credentials: credentials(directory),
  });
  client.middlewareStack.add(
    (next, context) => (args) => {
      called.add(context.commandName!);
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
}

function attributes(
  KeyUsage: sdk.KeyUsage,
  KeyAlgorithm: sdk.KeyAlgorithm,
  KeyModesOfUse: sdk.KeyModesOfUse,
) {
  return { KeyUsage, KeyAlgorithm, KeyModesOfUse, KeyClass: 'SYMMETRIC_KEY' as const };
}

async function live(client: sdk.PaymentCryptography): Promise<string> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_128', WRAP);
  const { Key } = await client.createKey({ KeyAttributes, Exportable: true });
  const KeyIdentifier = Key!.KeyArn!;
  assert.equal((await client.stopKeyUsage({ KeyIdentifier })).Key!.Enabled, false);
  assert.equal((await client.startKeyUsage({ KeyIdentifier })).Key!.Enabled, true);
  assert.equal((await client.deleteKey({ KeyIdentifier })).Key!.KeyState, 'DELETE_PENDING');
  await assert.rejects(client.deleteKey({ KeyIdentifier }), sdk.ConflictException);
  assert.equal((await client.restoreKey({ KeyIdentifier })).Key!.KeyState, 'CREATE_COMPLETE');
  await client.startKeyUsage({ KeyIdentifier });
  assert.ok((await client.getKey({ KeyIdentifier })).Key!.CreateTimestamp instanceof Date);
  return KeyIdentifier;
}

async function name(client: sdk.PaymentCryptography, KeyArn: string): Promise<void> {
  await client.createAlias({ AliasName });
  await assert.rejects(client.createAlias({ AliasName }), sdk.ConflictException);
  assert.equal((await client.updateAlias({ AliasName, KeyArn })).Alias!.KeyArn, KeyArn);
  assert.equal((await client.getAlias({ AliasName })).Alias!.KeyArn, KeyArn);
  assert.deepEqual((await client.listAliases({ KeyArn })).Aliases, [{ AliasName, KeyArn }]);
  await client.tagResource({ ResourceArn: KeyArn, Tags: [{ Key: 'purpose', Value: 'test' }] });
  assert.equal((await client.listTagsForResource({ ResourceArn: KeyArn })).Tags!.length, 1);
  await client.untagResource({ ResourceArn: KeyArn, TagKeys: ['purpose'] });
  assert.equal((await client.listTagsForResource({ ResourceArn: KeyArn })).Tags!.length, 0);
}

/** Out to a partner who has the KEK, and another key in from there. */
async function exchange(client: sdk.PaymentCryptography, kek: Kek): Promise<void> {
  const Tr31KeyBlock = { WrappingKeyIdentifier: kek.arn };
  const { WrappedKey } = await client.exportKey({
    ExportKeyIdentifier: AliasName,
    KeyMaterial: { Tr31KeyBlock },
  });
  const received = unwrapKeyBlock({ kbpk: kek.key, block: WrappedKey!.KeyMaterial!, profile: 'x9.143' });
  using key = received.key;
  assert.equal(keyCheckValue('AES', key), WrappedKey!.KeyCheckValue);
  using other = Secret.take(randomBytes(16));
  const WrappedKeyBlock = wrapKeyBlock({
    kbpk: kek.key,
    key: other,
    header: { ...received.header, keyUsage: 'D0' },
  });
  const { Key } = await client.importKey({
    KeyMaterial: { Tr31KeyBlock: { ...Tr31KeyBlock, WrappedKeyBlock } },
  });
  assert.equal(Key!.KeyCheckValue, keyCheckValue('AES', other));
  assert.equal(Key!.KeyAttributes!.KeyUsage, 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY');
}

async function certify(client: sdk.PaymentCryptography): Promise<void> {
  const KeyAttributes: sdk.KeyAttributes = {
    KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
    KeyClass: 'ASYMMETRIC_KEY_PAIR',
    KeyAlgorithm: 'RSA_2048',
    KeyModesOfUse: { Sign: true },
  };
  const { Key } = await client.createKey({ KeyAttributes, Exportable: true });
  const own = await client.getPublicKeyCertificate({ KeyIdentifier: Key!.KeyArn! });
  const token = await client.getParametersForExport({
    KeyMaterialType: 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: 'RSA_2048',
  });
  for (const [certificate, chain] of [
    [own.KeyCertificate!, own.KeyCertificateChain!],
    [token.SigningKeyCertificate!, token.SigningKeyCertificateChain!],
  ]) {
    const [leaf, issuer] = [certificate!, chain!].map(
      (text) => new X509Certificate(Buffer.from(text, 'base64')),
    );
    assert.ok(leaf!.checkIssued(issuer!) && leaf!.verify(issuer!.publicKey));
  }
}

test('every operation that the AWS SDK for JavaScript has, through the SDK, against a service of its own process', async () => {
  using project = emptyProject();
  await using service = await ServiceProcess.start(project.directory);
  const called = new Set<string>();
  const client = recordingClient(service.url, project.directory, called);
  using kek = await createKek(client);
  const arn = await live(client);
  await name(client, arn);
  await exchange(client, kek);
  await certify(client);
  await client.deleteAlias({ AliasName });
  await assert.rejects(client.getKey({ KeyIdentifier: AliasName }), sdk.ResourceNotFoundException);
  const arns: (string | undefined)[] = [];
  for await (const page of sdk.paginateListKeys({ client, pageSize: 2 }, {})) {
    arns.push(...page.Keys!.map(({ KeyArn }) => KeyArn));
  }
  assert.ok(arns.includes(arn) && arns.includes(kek.arn) && new Set(arns).size === arns.length);
  const commands = Object.keys(sdk).filter((entry) => /^[A-Z]\w+Command$/.test(entry));
  assert.deepEqual([...called].sort(), commands.sort());
});
