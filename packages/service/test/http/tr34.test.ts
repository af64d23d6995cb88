// Keys by TR-34 and under RSA as a client exchanges them: the AWS SDK over HTTP, and a partner with its own keys and certificates.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type ExportKeyMaterial,
  PaymentCryptography,
  type WrappedKey,
} from '@aws-sdk/client-payment-cryptography';
import { keyCheckValue, Secret } from '@keywright/crypto';
import { checkAnswer } from '../../src/api/check-answer.ts';
import { configurationFromEnvironment, startService } from '../../src/index.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import {
  decryptWithOpenssl,
  derOf,
  makePartner,
  openWithOpenssl,
  type Partner,
  tokenFor,
} from '../operations/tr34-partner.ts';
import { someToken } from '../store/records.ts';

const directory = mkdtempSync(join(tmpdir(), 'keywright-'));
const log: string[] = [];
let client: PaymentCryptography;
let url: string;
let close: () => Promise<void>;

before(async () => {
  const environment = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory };
  const configuration = configurationFromEnvironment(environment);
  const service = await startService({ ...configuration, log: { write: (line) => void log.push(line) } });
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(directory, 'aws-credentials');
  client = new PaymentCryptography({ endpoint: service.url, region: 'us-east-2', maxAttempts: 1 });
  url = service.url;
  close = () => service.close();
});
after(async () => {
  client.destroy();
  await close();
  rmSync(directory, { recursive: true });
});

/** Everything that the service said, and every key that it must not have said. */
const said: string[] = [];
const secrets: Buffer[] = [];

function heard<Answer extends object>(name: Parameters<typeof checkAnswer>[0], answer: Answer): Answer {
  said.push(JSON.stringify(answer));
  // The SDK has made dates of the timestamps, and puts metadata of its own beside the answer.
  const { $metadata: _, ...members } = answer as Answer & { $metadata?: unknown };
  checkAnswer(name, JSON.parse(JSON.stringify(members, (_key, value) => toSeconds(value))));
  return answer;
}

function toSeconds(value: unknown): unknown {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  return isTime ? Date.parse(value) / 1000 : value;
}

const PARTNERS = {
  RSA_2048: makePartner('RSA_2048', 'partner 2048'),
  RSA_3072: makePartner('RSA_3072', 'partner 3072'),
} as const;

type Bits = keyof typeof PARTNERS;

const KEYS = [
  { bits: 'RSA_2048', header: 'B9999K0TB00E0000', length: 16, method: 'TDES', contentCipher: 'DES_EDE3_CBC' },
  { bits: 'RSA_2048', header: 'B9999K1TB00E0000', length: 24, method: 'TDES', contentCipher: 'AES_128_CBC' },
  { bits: 'RSA_3072', header: 'D9999K0AB00E0000', length: 16, method: 'AES', contentCipher: 'AES_128_CBC' },
] as const;

async function importRoot({ authority }: Partner, bits: Bits): Promise<string> {
  const RootCertificatePublicKey = {
    KeyAttributes: {
      KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
      KeyClass: 'PUBLIC_KEY',
      KeyAlgorithm: bits,
      KeyModesOfUse: { Verify: true },
    },
    PublicKeyCertificate: authority.base64,
  } as const;
  const answer = await client.importKey({ KeyMaterial: { RootCertificatePublicKey } });
  return heard('ImportKey', answer).Key!.KeyArn!;
}

function newKey(length: number): { hex: string; secret: Secret } {
  const bytes = randomBytes(length);
  secrets.push(Buffer.from(bytes));
  return { hex: bytes.toString('hex').toUpperCase(), secret: Secret.copyOf(bytes) };
}

/** A key pair that the service makes, and a certificate of it. */
async function createPair(bits: Bits, usage: 'K2' | 'S0') {
  const KeyAttributes = {
    K2: {
      KeyUsage: 'TR31_K2_TR34_ASYMMETRIC_KEY',
      KeyModesOfUse: { Decrypt: true, Unwrap: true },
    },
    S0: { KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE', KeyModesOfUse: { Sign: true } },
  } as const;
  const { Key } = await client.createKey({
    KeyAttributes: { ...KeyAttributes[usage], KeyClass: 'ASYMMETRIC_KEY_PAIR', KeyAlgorithm: bits },
    Exportable: false,
  });
  const { KeyCertificate } = await client.getPublicKeyCertificate({ KeyIdentifier: Key!.KeyArn! });
  return { arn: Key!.KeyArn!, certificate: KeyCertificate! };
}

async function exported(KeyMaterial: ExportKeyMaterial, ExportKeyIdentifier: string): Promise<WrappedKey> {
  const answer = await client.exportKey({ KeyMaterial, ExportKeyIdentifier });
  return heard('ExportKey', answer).WrappedKey!;
}

async function refused(request: Promise<unknown>, reason: RegExp): Promise<void> {
  await assert.rejects(request, (error: Error) => {
    said.push(String(error.stack));
    return error.name === 'ValidationException' && reason.test(error.message);
  });
}

for (const { bits, header, length, method, contentCipher } of KEYS) {
  test(`${header} of ${length} bytes under ${bits} comes in and goes out by TR-34`, async () => {
    const partner = PARTNERS[bits];
    const CertificateAuthorityPublicKeyIdentifier = await importRoot(partner, bits);
    const { hex, secret } = newKey(length);
    using key = secret;
    const nonce = randomBytes(16);
    const RandomNonce = nonce.toString('hex').toUpperCase();
    const KeyBlockFormat = 'X9_TR34_2012';

    const inward = heard(
      'GetParametersForImport',
      await client.getParametersForImport({ KeyMaterialType: 'TR34_KEY_BLOCK', WrappingKeyAlgorithm: bits }),
    );
    const krd = derOf(inward.WrappingKeyCertificate!);
    const material = {
      CertificateAuthorityPublicKeyIdentifier,
      SigningKeyCertificate: partner.leaf.base64,
      ImportToken: inward.ImportToken!,
      WrappedKeyBlock: tokenFor(krd, partner.owner, { hex, header, contentCipher, pass: { nonce } }),
      KeyBlockFormat,
      RandomNonce,
    } as const;
    const { Key } = heard('ImportKey', await client.importKey({ KeyMaterial: { Tr34KeyBlock: material } }));
    assert.equal(Key!.KeyCheckValue, keyCheckValue(method, key));

    const outward = heard(
      'GetParametersForExport',
      await client.getParametersForExport({ KeyMaterialType: 'TR34_KEY_BLOCK', SigningKeyAlgorithm: bits }),
    );
    const asked = {
      CertificateAuthorityPublicKeyIdentifier,
      WrappingKeyCertificate: partner.leaf.base64,
      ExportToken: outward.ExportToken!,
      KeyBlockFormat,
      RandomNonce,
    } as const;
    const wrapped = await exported({ Tr34KeyBlock: asked }, Key!.KeyArn!);
    assert.equal(wrapped.KeyCheckValue, Key!.KeyCheckValue);
    const found = openWithOpenssl(wrapped.KeyMaterial!, partner.owner, derOf(outward.SigningKeyCertificate!));
    assert.deepEqual([found.key, found.nonce, found.header.slice(5)], [hex, RandomNonce, header.slice(5)]);

    const KeyCryptogram = {
      CertificateAuthorityPublicKeyIdentifier,
      WrappingKeyCertificate: partner.leaf.base64,
    };
    const cryptogram = await exported({ KeyCryptogram }, Key!.KeyArn!);
    const clear = decryptWithOpenssl(Buffer.from(cryptogram.KeyMaterial!, 'hex'), partner.owner.privateKey);
    assert.equal(clear.toString('hex').toUpperCase(), hex);

    const wrong = { ...material, RandomNonce: '00'.repeat(16) };
    await refused(client.importKey({ KeyMaterial: { Tr34KeyBlock: wrong } }), /^RandomNonce is not valid: /);
    const other = PARTNERS[bits === 'RSA_2048' ? 'RSA_3072' : 'RSA_2048'].leaf.base64;
    const request = { Tr34KeyBlock: { ...asked, WrappingKeyCertificate: other } };
    await refused(
      client.exportKey({ KeyMaterial: request, ExportKeyIdentifier: Key!.KeyArn! }),
      /^WrappingKeyCertificate was not issued by /,
    );
  });
}

test('key pairs of ours do it as well as tokens, in one pass', async () => {
  const partner = PARTNERS.RSA_2048;
  const CertificateAuthorityPublicKeyIdentifier = await importRoot(partner, 'RSA_2048');
  const [krd, kdh] = [await createPair('RSA_2048', 'K2'), await createPair('RSA_2048', 'S0')];
  const { hex, secret } = newKey(16);
  using key = secret;
  const pass = { time: new Date(Date.now() - 2000) };
  const material = {
    CertificateAuthorityPublicKeyIdentifier,
    SigningKeyCertificate: partner.leaf.base64,
    // This SDK's types are from before there was another choice; an empty token is none.
    ImportToken: '',
    WrappingKeyIdentifier: krd.arn,
    WrappingKeyCertificate: krd.certificate,
    WrappedKeyBlock: tokenFor(derOf(krd.certificate), partner.owner, { hex, pass }),
    KeyBlockFormat: 'X9_TR34_2012',
  } as const;
  const { Key } = heard('ImportKey', await client.importKey({ KeyMaterial: { Tr34KeyBlock: material } }));
  assert.equal(Key!.KeyCheckValue, keyCheckValue('TDES', key));
  const asked = {
    CertificateAuthorityPublicKeyIdentifier,
    WrappingKeyCertificate: partner.leaf.base64,
    ExportToken: '',
    SigningKeyIdentifier: kdh.arn,
    SigningKeyCertificate: kdh.certificate,
    KeyBlockFormat: 'X9_TR34_2012',
  } as const;
  const { KeyMaterial } = await exported({ Tr34KeyBlock: asked }, Key!.KeyArn!);
  const found = openWithOpenssl(KeyMaterial!, partner.owner, derOf(kdh.certificate));
  assert.deepEqual([found.key, found.nonce], [hex, undefined]);
  assert.match(found.time!, /^[0-9]{12}Z$/);
  const mixed = { ...asked, SigningKeyCertificate: krd.certificate };
  await refused(
    client.exportKey({ KeyMaterial: { Tr34KeyBlock: mixed }, ExportKeyIdentifier: Key!.KeyArn! }),
    /^The keys represented by SigningKeyIdentifier and SigningKeyCertificate do not match/,
  );
});

/** The account's authority in another region, as a root. */
async function trust(here: PaymentCryptography, chain: string): Promise<string> {
  const { Key } = await here.importKey({
    KeyMaterial: {
      RootCertificatePublicKey: {
        KeyAttributes: {
          KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
          KeyClass: 'PUBLIC_KEY',
          KeyAlgorithm: 'RSA_4096',
          KeyModesOfUse: { Verify: true },
        },
        PublicKeyCertificate: chain,
      },
    },
  });
  return Key!.KeyArn!;
}

test('what goes out of one region comes into another', async () => {
  const there = new PaymentCryptography({ endpoint: url, region: 'us-west-2', maxAttempts: 1 });
  const KeyMaterialType = 'TR34_KEY_BLOCK';
  const host = await client.getParametersForExport({ KeyMaterialType, SigningKeyAlgorithm: 'RSA_3072' });
  const device = await there.getParametersForImport({ KeyMaterialType, WrappingKeyAlgorithm: 'RSA_3072' });
  const { Key } = await client.createKey({
    KeyAttributes: {
      KeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true },
    },
    Exportable: true,
  });
  const request = {
    CertificateAuthorityPublicKeyIdentifier: await trust(client, device.WrappingKeyCertificateChain!),
    WrappingKeyCertificate: device.WrappingKeyCertificate!,
    ExportToken: host.ExportToken!,
    KeyBlockFormat: 'X9_TR34_2012',
    RandomNonce: '0123456789ABCDEF',
  } as const;
  const { KeyMaterial } = await exported({ Tr34KeyBlock: request }, Key!.KeyArn!);
  const Tr34KeyBlock = {
    CertificateAuthorityPublicKeyIdentifier: await trust(there, host.SigningKeyCertificateChain!),
    SigningKeyCertificate: host.SigningKeyCertificate!,
    ImportToken: device.ImportToken!,
    WrappedKeyBlock: KeyMaterial!,
    KeyBlockFormat: 'X9_TR34_2012',
    RandomNonce: '0123456789ABCDEF',
  } as const;
  const imported = await there.importKey({ KeyMaterial: { Tr34KeyBlock } });
  assert.equal(imported.Key!.KeyCheckValue, Key!.KeyCheckValue);
  assert.deepEqual(imported.Key!.KeyAttributes, Key!.KeyAttributes);
  there.destroy();
});

test('a service that starts deletes the tokens that have expired', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keywright-'));
  const database = join(folder, 'keywright.db');
  const configuration = configurationFromEnvironment({ KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: folder });
  const run = async () => (await startService({ ...configuration, log: { write: () => {} } })).close();
  await run();
  const [valid, expired] = [Date.now() + 60_000, Date.now() - 1].map((validUntil) =>
    someToken({ validUntil }),
  );
  const before = openSqliteStore(database);
  for (const token of [valid!, expired!]) await before.insertToken(token);
  await before.close();
  await run();
  const store = openSqliteStore(database);
  assert.deepEqual(await store.findToken(valid!.region, valid!.tokenId), valid);
  assert.equal(await store.findToken(expired!.region, expired!.tokenId), undefined);
  await store.close();
  rmSync(folder, { recursive: true });
});

test('no answer, refusal or line of the log shows a key that was exchanged', () => {
  const everything = [...said, ...log].join('\n').toLowerCase();
  assert.ok(secrets.length === 4 && said.length > 20 && log.length > 0);
  for (const secret of secrets) {
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      assert.ok(!everything.includes(secret.toString(encoding).slice(0, 20).toLowerCase()), encoding);
    }
  }
});
