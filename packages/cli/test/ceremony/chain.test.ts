import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { verifyChain } from '../../src/ceremony/chain.ts';
import { selfSignedCertificate } from '../../src/ceremony/self-signed-certificate.ts';
import { assertSafeEndpoint } from '../../src/ceremony/service-client.ts';
import { freshService } from './service.ts';

const DAY = 24 * 60 * 60 * 1000;

let fresh: Awaited<ReturnType<typeof freshService>>;
let good: Parameters<typeof verifyChain>[0];
before(async () => {
  fresh = await freshService();
  const { WrappingKeyCertificate, WrappingKeyCertificateChain } = await fresh.client.getParametersForImport({
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_2048',
  });
  good = {
    leaf: WrappingKeyCertificate!,
    chain: WrappingKeyCertificateChain!,
    key: { modulusLength: 2048 },
    now: Date.now(),
  };
});
after(() => fresh.close());

test("the service's own chain verifies", () => {
  assert.equal(verifyChain(good).asymmetricKeyDetails?.modulusLength, 2048);
});

test('a chain of another certificate does not', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
  const other = selfSignedCertificate({ ...pair, common: 'another', now: good.now });
  const chain = Buffer.from(other).toString('base64');
  assert.throws(() => verifyChain({ ...good, chain }), /was not issued by/);
  assert.throws(() => verifyChain({ ...good, chain: good.leaf }), /was not issued by/);
});

test('a certificate with a changed bit does not', () => {
  const der = Buffer.from(good.leaf, 'base64')
    .toString()
    .replace(/-----[A-Z ]+-----|\n/g, '');
  const changed = Buffer.from(der, 'base64');
  changed[changed.length - 1]! ^= 1;
  const pem = `-----BEGIN CERTIFICATE-----\n${changed.toString('base64')}\n-----END CERTIFICATE-----\n`;
  assert.throws(
    () => verifyChain({ ...good, leaf: Buffer.from(pem).toString('base64') }),
    /was not issued by/,
  );
});

test('a chain that is not valid yet, or no longer, does not', () => {
  for (const now of [good.now - 400 * DAY, good.now + 400 * DAY]) {
    assert.throws(() => verifyChain({ ...good, now }), /is valid from .* to .* only/);
  }
});

test('a key that is too short, or of another kind, does not', () => {
  assert.throws(() => verifyChain({ ...good, key: { modulusLength: 4096 } }), /no RSA key of 4096 bits/);
  const namedCurve = 'secp521r1';
  assert.throws(() => verifyChain({ ...good, key: { namedCurve } }), /no key on the curve secp521r1/);
});

test('what is no certificate is said to be none', () => {
  const rubbish = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----').toString(
    'base64',
  );
  assert.throws(() => verifyChain({ ...good, leaf: rubbish }), /cannot be read/);
  for (const missing of [{ leaf: '' }, { chain: '' }]) {
    assert.throws(() => verifyChain({ ...good, ...missing }), /did not send one/);
  }
});

test('keys go over TLS, or stay on this machine', () => {
  for (const endpoint of [
    'https://keys.example',
    'http://127.0.0.1:3131',
    'http://localhost:1',
    'http://[::1]:1',
  ]) {
    assertSafeEndpoint(endpoint);
  }
  for (const endpoint of ['http://keys.example', 'http://127.0.0.1.example', 'ftp://127.0.0.1', 'keys', '']) {
    assert.throws(() => assertSafeEndpoint(endpoint), /must be an https/);
  }
});
