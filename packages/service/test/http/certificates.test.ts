// Certificates as a client handles them: the AWS SDK and signed requests over HTTP, another party's authority by openssl.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type CreateKeyCommandInput,
  type KeyAttributes,
  PaymentCryptography,
  ResourceNotFoundException,
  ValidationException,
} from '@aws-sdk/client-payment-cryptography';
import { checkAnswer } from '../../src/api/check-answer.ts';
import { configurationFromEnvironment, startService } from '../../src/index.ts';
import { signRequest } from '../access/sign.ts';
import { pair, publicKey } from '../operations/asymmetric.ts';
import { AUTHORITY, issuedBy, openssl, put, selfSigned } from '../pki/openssl.ts';

const REGION = 'us-east-2';
const directory = mkdtempSync(join(tmpdir(), 'keywright-'));
let url: string;
let client: PaymentCryptography;
let close: () => Promise<void>;

before(async () => {
  const environment = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory };
  const log = { write: () => undefined };
  const service = await startService({ ...configurationFromEnvironment(environment), log });
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(directory, 'aws-credentials');
  client = new PaymentCryptography({ endpoint: service.url, region: REGION, maxAttempts: 1 });
  url = service.url;
  close = () => service.close();
});
after(async () => {
  client.destroy();
  await close();
  rmSync(directory, { recursive: true });
});

/** Sends a request of an operation that the SDK does not know yet. */
async function post(
  operation: 'GetCertificateSigningRequest',
  input: object,
): Promise<Record<string, string>> {
  const ini = readFileSync(join(directory, 'aws-credentials'), 'utf8');
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(ini)![1]!;
  const keys = { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') };
  const headers = { 'x-amz-target': `PaymentCryptographyControlPlane.${operation}` };
  const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
  const signed = await signRequest(new URL(url).host, keys, request, { region: REGION });
  const response = await fetch(url, { method: 'POST', headers: signed.headers, body: signed.body });
  const answer = (await response.json()) as Record<string, string>;
  assert.equal(response.status, 200, JSON.stringify(answer));
  checkAnswer(operation, answer);
  return answer;
}

const pem = (base64: string | undefined) => Buffer.from(base64!, 'base64').toString();

test('a key pair is certified by the account, and by another party on request', async () => {
  const { Key } = await client.createKey(pair('K2', 'RSA_2048', 'D') as CreateKeyCommandInput);
  const KeyIdentifier = Key!.KeyArn!;
  const answers = await Promise.all([1, 2].map(() => client.getPublicKeyCertificate({ KeyIdentifier })));
  assert.equal(answers[0]!.KeyCertificateChain, answers[1]!.KeyCertificateChain);
  for (const { KeyCertificate, KeyCertificateChain } of answers) {
    openssl('verify', '-x509_strict', '-CAfile', put(pem(KeyCertificateChain)), put(pem(KeyCertificate)));
  }
  const { CertificateSigningRequest } = await post('GetCertificateSigningRequest', {
    KeyIdentifier,
    SigningAlgorithm: 'SHA384',
    CertificateSubject: { CommonName: 'krd.example.com', Country: 'US' },
  });
  const request = put(pem(CertificateSigningRequest));
  const partner = selfSigned({ name: 'partner', algorithm: 'RSA_2048' });
  const signer = ['-CA', partner.file, '-CAkey', partner.key, '-CAcreateserial'];
  const issued = openssl('x509', '-req', '-in', request, ...signer, '-days', '1').replace(/^[^-]*/, '');
  const own = openssl('x509', '-in', put(pem(answers[0]!.KeyCertificate)), '-noout', '-pubkey');
  assert.equal(openssl('x509', '-in', put(issued), '-noout', '-pubkey'), own);
});

test('the certificates of a partner come in below their root, and refusals say why', async () => {
  const root = selfSigned({ name: 'root' });
  const middle = issuedBy(root, { name: 'middle', extensions: AUTHORITY });
  const leaf = issuedBy(middle, { name: 'leaf' });
  const attributes = publicKey() as KeyAttributes;
  const imported = await client.importKey({
    KeyMaterial: {
      RootCertificatePublicKey: { KeyAttributes: attributes, PublicKeyCertificate: root.base64 },
    },
    KeyCheckValueAlgorithm: 'ANSI_X9_24',
    Enabled: true,
    Tags: [],
  });
  const rootArn = imported.Key!.KeyArn!;
  const trust = (PublicKeyCertificate: string, CertificateAuthorityPublicKeyIdentifier: string) =>
    client.importKey({
      KeyMaterial: {
        TrustedCertificatePublicKey: {
          KeyAttributes: attributes,
          PublicKeyCertificate,
          CertificateAuthorityPublicKeyIdentifier,
        },
      },
    });
  const middleArn = (await trust(middle.base64, rootArn)).Key!.KeyArn!;
  const { Key } = await trust(leaf.base64, middleArn);
  assert.equal(Key!.KeyAttributes!.KeyClass, 'PUBLIC_KEY');
  assert.match(Key!.KeyCheckValue!, /^[0-9A-F]{8}$/);

  const reason = async (call: Promise<unknown>) => {
    const error = await call.catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ValidationException, String(error));
    return error.message;
  };
  assert.match(await reason(trust(leaf.base64, rootArn)), /^PublicKeyCertificate was not issued by /);
  assert.match(await reason(trust(leaf.base64.slice(4), middleArn)), /^PublicKeyCertificate /);
  assert.match(
    await reason(client.getPublicKeyCertificate({ KeyIdentifier: rootArn })),
    /is PUBLIC_KEY: use an ASYMMETRIC_KEY_PAIR/,
  );
  await assert.rejects(trust(leaf.base64, 'alias/nobody'), ResourceNotFoundException);
});
