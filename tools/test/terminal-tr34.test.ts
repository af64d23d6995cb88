// The service as key distribution host, through the AWS SDK, and the software terminal as key receiving device: a KEK by TR-34 in both
// passes, then an initial key under it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { createCredentialToken, decodeHex, encodeHex, openRandomNumberToken } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal, type SoftwareTerminal } from '@keywright/terminal';
import { credentials, emptyProject, REGION, ServiceProcess } from './service.ts';

const KSN = 'FFFF9876543210E00000';
const WRAP = { Encrypt: true, Decrypt: true, Wrap: true, Unwrap: true };

/** The certificates of a text of the service: base64 of PEM, one after the other. */
function certificatesOf(text: string): X509Certificate[] {
  const pem = Buffer.from(text, 'base64').toString();
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function base64Pem(der: Uint8Array): string {
  return Buffer.from(new X509Certificate(der).toString()).toString('base64');
}

/** The maker of terminals, who certifies them with OpenSSL. */
class Maker {
  readonly authority: Uint8Array;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    const authority = ['-keyout', 'maker.key', '-out', 'maker.pem', '-subj', '/CN=maker of terminals'];
    this.#openssl('req', '-x509', '-newkey', 'rsa:3072', '-nodes', ...authority);
    this.authority = new X509Certificate(readFileSync(join(directory, 'maker.pem'))).raw;
  }

  certify(request: Uint8Array): Uint8Array {
    writeFileSync(join(this.#directory, 'terminal.csr'), request);
    const by = ['-CA', 'maker.pem', '-CAkey', 'maker.key', '-CAcreateserial', '-days', '30'];
    this.#openssl(
      'x509',
      '-req',
      '-inform',
      'DER',
      '-in',
      'terminal.csr',
      ...by,
      '-outform',
      'DER',
      '-out',
      'terminal.der',
    );
    return new Uint8Array(readFileSync(join(this.#directory, 'terminal.der')));
  }

  #openssl(...args: string[]): void {
    const { status, stderr, error } = spawnSync('openssl', args, { cwd: this.#directory });
    assert.equal(error, undefined, `this test needs the openssl command: ${error?.message}`);
    assert.equal(status, 0, String(stderr));
  }
}

async function importAuthority(client: PaymentCryptography, authority: Uint8Array): Promise<string> {
  const RootCertificatePublicKey = {
    KeyAttributes: {
      KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
      KeyClass: 'PUBLIC_KEY',
      KeyAlgorithm: 'RSA_3072',
      KeyModesOfUse: { Verify: true },
    },
    PublicKeyCertificate: base64Pem(authority),
  } as const;
  const { Key } = await client.importKey({ KeyMaterial: { RootCertificatePublicKey } });
  return Key!.KeyArn!;
}

async function createKey(
  client: PaymentCryptography,
  usage: 'K0' | 'B0',
): Promise<{ arn: string; kcv: string }> {
  const KeyAttributes = {
    K0: { KeyUsage: 'TR31_K0_KEY_ENCRYPTION_KEY', KeyAlgorithm: 'AES_128', KeyModesOfUse: WRAP },
    B0: {
      KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
      KeyAlgorithm: 'TDES_2KEY',
      KeyModesOfUse: { DeriveKey: true },
    },
  } as const;
  const { Key } = await client.createKey({
    KeyAttributes: { ...KeyAttributes[usage], KeyClass: 'SYMMETRIC_KEY' },
    Exportable: true,
  });
  return { arn: Key!.KeyArn!, kcv: Key!.KeyCheckValue! };
}

/** A terminal with its maker's certificate, bound to the service. */
async function boundTerminal(client: PaymentCryptography, maker: Maker) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const terminal = openSoftwareTerminal({ store: new MemoryStore('T-1'), deviceKey: async () => privateKey });
  const device = maker.certify(await terminal.createCsr());
  const host = await client.getParametersForExport({
    KeyMaterialType: 'TR34_KEY_BLOCK',
    SigningKeyAlgorithm: 'RSA_3072',
  });
  const chain = certificatesOf(host.SigningKeyCertificateChain!);
  const certificates = { device, deviceAuthority: maker.authority, hostAuthority: chain.at(-1)!.raw };
  const stored = await terminal.storeCertificates(certificates);
  assert.ok(stored.ok, JSON.stringify(stored));
  const [certificate] = certificatesOf(host.SigningKeyCertificate!);
  const bound = await terminal.bindTR34(createCredentialToken({ certificate: certificate!.raw }));
  assert.ok(bound.ok, JSON.stringify(bound));
  return { terminal, exportToken: host.ExportToken! };
}

interface Handover {
  readonly client: PaymentCryptography;
  readonly terminal: SoftwareTerminal;
  readonly exportToken: string;
  readonly authorityArn: string;
}

async function sendKek(
  { client, terminal, exportToken, authorityArn }: Handover,
  kek: { arn: string; kcv: string },
  passes: 1 | 2,
  index: number,
): Promise<void> {
  const nonce = passes === 2 && openRandomNumberToken(await terminal.getTR34RandomToken());
  const { certificate } = await terminal.getDeviceCertificate();
  const Tr34KeyBlock = {
    CertificateAuthorityPublicKeyIdentifier: authorityArn,
    WrappingKeyCertificate: base64Pem(certificate),
    ExportToken: exportToken,
    KeyBlockFormat: 'X9_TR34_2012',
    ...(nonce && { RandomNonce: encodeHex(nonce) }),
  } as const;
  const { WrappedKey } = await client.exportKey({
    ExportKeyIdentifier: kek.arn,
    KeyMaterial: { Tr34KeyBlock },
  });
  const token = decodeHex(WrappedKey!.KeyMaterial!);
  const result = await terminal.loadTR34Key(token, { index });
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.kcv, kek.kcv);
  const again = await terminal.loadTR34Key(token, { index: 9 });
  assert.equal(again.status, passes === 2 ? 'TOKEN_NONCE' : 'TOKEN_REPLAYED');
}

test('a terminal is bound to the service, gets KEKs in one pass and in two, and an initial key under one', async () => {
  using project = emptyProject();
  await using service = await ServiceProcess.start(project.directory);
  const config = { endpoint: service.url, region: REGION, credentials: credentials(project.directory) };
  const client = new PaymentCryptography(config);
  const maker = new Maker(project.directory);
  const bound = await boundTerminal(client, maker);
  using terminal = bound.terminal;
  const authorityArn = await importAuthority(client, maker.authority);
  const handover: Handover = { client, ...bound, authorityArn };
  const [kek, second, bdk] = [
    await createKey(client, 'K0'),
    await createKey(client, 'K0'),
    await createKey(client, 'B0'),
  ];
  await sendKek(handover, kek, 2, 0);
  await sendKek(handover, second, 1, 1);
  const { WrappedKey } = await client.exportKey({
    ExportKeyIdentifier: bdk.arn,
    KeyMaterial: {
      Tr31KeyBlock: { WrappingKeyIdentifier: kek.arn, KeyBlockHeaders: { OptionalBlocks: { KS: KSN } } },
    },
    ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: KSN } },
  });
  const loaded = await terminal.sendTR31Key(WrappedKey!.KeyMaterial!);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  assert.equal(loaded.kcv, WrappedKey!.KeyCheckValue);
  client.destroy();
});
