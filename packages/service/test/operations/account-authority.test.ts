import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { issueAccountCertificate } from '../../src/operations/certificates/account-authority.ts';
import { openssl, put } from '../pki/openssl.ts';
import { giveAuthority, pair } from './asymmetric.ts';
import { DAY, Service, START } from './service.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** What openssl prints of a certificate, in one line. */
function printed(pem: string): string {
  return openssl('x509', '-in', put(pem), '-noout', '-text').replaceAll(/\s+/g, ' ');
}

function verifyStrictly(certificate: string, chain: string, at: number): void {
  const when = ['-attime', `${Math.floor(at / 1000)}`];
  openssl('verify', '-x509_strict', '-check_ss_sig', ...when, '-CAfile', put(chain), put(certificate));
}

test('two first requests at once end with one authority, which is kept', async (t) => {
  const { context } = new Service(t);
  const issue = () => issueAccountCertificate(publicKey, 'signature', 30, context);
  const [first, second] = await Promise.all([issue(), issue()]);
  assert.equal(first.chain, second.chain);
  assert.notEqual(first.certificate, second.certificate);
  assert.equal((await issue()).chain, first.chain);
  for (const { certificate, chain } of [first, second]) verifyStrictly(certificate, chain, START);

  const text = printed(first.chain);
  assert.match(
    text,
    /Issuer: O = Keywright, OU = us-east-2, CN = 111122223333, serialNumber = [0-9A-F]{40} /,
  );
  assert.match(text, /Validity Not Before: Jan 2 02:04:05 2026 GMT Not After : Jan 1 03:04:05 2031 GMT/);
  assert.match(text, /Public-Key: \(4096 bit\)/);
  assert.match(text, /Basic Constraints: critical CA:TRUE, pathlen:0 /);
  assert.match(text, /Key Usage: critical Certificate Sign X509v3/);
  const { subject, issuer } = new X509Certificate(first.chain);
  assert.equal(subject, issuer);
  const identifier = /Subject Key Identifier: ([0-9A-F:]+)/.exec(text)![1]!.replaceAll(':', '');
  assert.ok(subject.endsWith(`serialNumber=${identifier}`));
});

test('an authority near its end has a successor; each region has its own', async (t) => {
  const service = new Service(t);
  await giveAuthority(service.context);
  const issue = (region = 'us-east-2') =>
    issueAccountCertificate(publicKey, 'signature', 90, { ...service.context, region });
  const first = await issue();
  service.time += 909 * DAY;
  assert.equal((await issue()).chain, first.chain);
  service.time += 2 * DAY;
  const second = await issue();
  assert.notEqual(second.chain, first.chain);
  verifyStrictly(second.certificate, second.chain, service.time);
  verifyStrictly(first.certificate, first.chain, START);
  assert.equal((await service.context.store.latestAuthority('us-east-2'))!.generation, 2);
  const elsewhere = await issue('eu-central-1');
  assert.notEqual(elsewhere.chain, second.chain);
  assert.match(printed(elsewhere.chain), /OU = eu-central-1/);
});

test('dates after 2049 are written as RFC 5280, section 4.1.2.5, has them', async (t) => {
  const service = new Service(t);
  service.time = Date.UTC(2049, 11, 1);
  await giveAuthority(service.context);
  const { certificate, chain } = await issueAccountCertificate(publicKey, 'signature', 90, service.context);
  assert.match(printed(certificate), /Not After : Mar 1 00:00:00 2050 GMT/);
  verifyStrictly(certificate, chain, service.time);
});

const KEYS = [
  { request: pair('D1', 'RSA_2048', 'B'), usage: 'Digital Signature, Key Encipherment' },
  { request: pair('K2', 'RSA_3072', 'D'), usage: 'Digital Signature, Key Encipherment' },
  { request: pair('S0', 'RSA_2048', 'S'), usage: 'Digital Signature' },
  { request: pair('K3', 'ECC_NIST_P256', 'X'), usage: 'Digital Signature, Key Agreement' },
  { request: pair('K3', 'ECC_NIST_P521', 'X'), usage: 'Digital Signature, Key Agreement' },
];

test('GetPublicKeyCertificate certifies a key pair for 90 days', async (t) => {
  const service = new Service(t);
  await giveAuthority(service.context);
  for (const { request, usage } of KEYS) {
    const { Key } = await service.call('CreateKey', request);
    const answer = await service.call('GetPublicKeyCertificate', { KeyIdentifier: Key.KeyArn });
    const [certificate, chain] = [answer.KeyCertificate, answer.KeyCertificateChain].map((text) =>
      Buffer.from(text, 'base64').toString(),
    ) as [string, string];
    verifyStrictly(certificate, chain, START);
    const text = printed(certificate);
    assert.match(text, /Signature Algorithm: sha512WithRSAEncryption/);
    assert.match(text, /Not Before: Jan 2 02:04:05 2026 GMT Not After : Apr 2 03:04:05 2026 GMT/);
    assert.match(text, /Subject: CN = 111122223333, serialNumber = [0-9A-F]{40} /);
    assert.match(text, /Basic Constraints: critical CA:FALSE/);
    assert.ok(text.includes(`Key Usage: critical ${usage} X509v3`), text);
    assert.match(text, /Extended Key Usage: TLS Web Server Authentication, TLS Web Client Authentication/);
    const identifier = /Subject Key Identifier: ([0-9A-F:]+)/.exec(text)![1]!.replaceAll(':', '');
    assert.equal(Key.KeyCheckValue, identifier.slice(0, 8));
    const again = await service.call('GetPublicKeyCertificate', { KeyIdentifier: Key.KeyArn });
    assert.notEqual(again.KeyCertificate, answer.KeyCertificate);
    assert.equal(again.KeyCertificateChain, answer.KeyCertificateChain);
  }
});
