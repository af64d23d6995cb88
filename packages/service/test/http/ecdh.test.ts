// Keys over ECDH as a client exchanges them: the AWS SDK over HTTP, and a partner with its own crypto and certificates.
import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PaymentCryptography } from '@aws-sdk/client-payment-cryptography';
import { keyCheckValue, Secret } from '@keywright/crypto';
import { configurationFromEnvironment, startService } from '../../src/index.ts';
import {
  CURVES,
  type Curve,
  DERIVED_LENGTHS,
  type Derivation,
  deriveKbpk,
  makePartner,
  type Partner,
  termsOf,
  unwrapFrom,
  wrapFor,
} from '../operations/ecdh-partner.ts';

const directory = mkdtempSync(join(tmpdir(), 'keywright-'));
const log: string[] = [];
let client: PaymentCryptography;
let close: () => Promise<void>;

before(async () => {
  const environment = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory };
  const configuration = configurationFromEnvironment(environment);
  const service = await startService({ ...configuration, log: { write: (line) => void log.push(line) } });
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(directory, 'aws-credentials');
  client = new PaymentCryptography({ endpoint: service.url, region: 'us-east-2', maxAttempts: 1 });
  close = () => service.close();
});
after(async () => {
  client.destroy();
  await close();
  rmSync(directory, { recursive: true });
});

/** Everything that the service said, and every secret that it must not have said. */
const said: string[] = [];
const secrets: Buffer[] = [];

function heard<Answer>(answer: Answer): Answer {
  said.push(JSON.stringify(answer));
  return answer;
}

function keep(secret: Secret): void {
  secret.expose((bytes) => secrets.push(Buffer.from(bytes)));
}

async function createPair(curve: Curve): Promise<{ arn: string; publicKey: KeyObject }> {
  const { Key } = await client.createKey({
    KeyAttributes: {
      KeyUsage: 'TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT',
      KeyClass: 'ASYMMETRIC_KEY_PAIR',
      KeyAlgorithm: curve,
      KeyModesOfUse: { DeriveKey: true },
    },
    DeriveKeyUsage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY',
    Exportable: false,
  });
  const { KeyCertificate } = await client.getPublicKeyCertificate({ KeyIdentifier: Key!.KeyArn! });
  return { arn: Key!.KeyArn!, publicKey: createPublicKey(Buffer.from(KeyCertificate!, 'base64')) };
}

async function importRoot({ authority }: Partner, curve: Curve): Promise<string> {
  const { Key } = await client.importKey({
    KeyMaterial: {
      RootCertificatePublicKey: {
        KeyAttributes: {
          KeyUsage: 'TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE',
          KeyClass: 'PUBLIC_KEY',
          KeyAlgorithm: curve,
          KeyModesOfUse: { Verify: true },
        },
        PublicKeyCertificate: authority.base64,
      },
    },
  });
  return Key!.KeyArn!;
}

/** Every function with every hash. */
const DERIVATIONS = (['NIST_SP800', 'ANSI_X963'] as const).flatMap((name) =>
  (['SHA_256', 'SHA_384', 'SHA_512'] as const).map((hash) => ({ function: name, hash })),
);

for (const curve of Object.keys(CURVES) as Curve[]) {
  test(`${curve}: a key comes in and goes out with every function and hash`, async () => {
    const partner = makePartner(curve);
    const [ours, authority] = [await createPair(curve), await importRoot(partner, curve)];
    const algorithm = CURVES[curve].strongest;
    for (const { function: name, hash } of DERIVATIONS) {
      const sharedInformation = randomBytes(hash === 'SHA_512' ? 1024 : 1).toString('hex');
      const derivation: Derivation = { algorithm, function: name, hash, sharedInformation };
      const terms = termsOf(partner, { ours: ours.arn, authority }, derivation);
      using kbpk = deriveKbpk(partner, ours.publicKey, derivation);
      using key = Secret.take(randomBytes(DERIVED_LENGTHS[algorithm]));
      for (const secret of [kbpk, key]) keep(secret);
      const hex = key.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());

      const WrappedKeyBlock = wrapFor(kbpk, hex);
      const { Key } = heard(
        await client.importKey({
          KeyMaterial: { DiffieHellmanTr31KeyBlock: { ...terms, WrappedKeyBlock } },
        }),
      );
      assert.equal(Key!.KeyCheckValue, keyCheckValue('AES', key));
      assert.equal(Key!.KeyAttributes!.KeyAlgorithm, algorithm);

      const { WrappedKey } = heard(
        await client.exportKey({
          ExportKeyIdentifier: Key!.KeyArn!,
          KeyMaterial: { DiffieHellmanTr31KeyBlock: terms },
        }),
      );
      const { KeyMaterial, ...others } = WrappedKey!;
      assert.deepEqual(others, {
        WrappedKeyMaterialFormat: 'TR31_KEY_BLOCK',
        WrappingKeyArn: ours.arn,
        KeyCheckValue: Key!.KeyCheckValue,
        KeyCheckValueAlgorithm: 'CMAC',
      });
      const { header, hex: back } = unwrapFrom(kbpk, KeyMaterial!);
      assert.deepEqual([back, header.version, header.keyUsage, header.modeOfUse], [hex, 'D', 'K0', 'B']);

      const other = Buffer.from(sharedInformation, 'hex');
      other[0]! ^= 1;
      const refused = client.importKey({
        KeyMaterial: {
          DiffieHellmanTr31KeyBlock: {
            ...terms,
            DerivationData: { SharedInformation: other.toString('hex') },
            WrappedKeyBlock,
          },
        },
      });
      await assert.rejects(refused, (error: Error) => {
        said.push(String(error.stack));
        return error.name === 'ValidationException' && /compare the certificates/.test(error.message);
      });
    }
  });
}

test('no answer, refusal or line of the log shows a key that was agreed on or exchanged', () => {
  const everything = [...said, ...log].join('\n');
  assert.ok(secrets.length === 2 * 18 && said.length === 3 * 18 && log.length > 0);
  for (const secret of secrets) {
    for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
      const text = secret.toString(encoding).slice(0, 20);
      assert.ok(!everything.toLowerCase().includes(text.toLowerCase()), encoding);
    }
  }
});
