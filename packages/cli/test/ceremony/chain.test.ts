import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { verifyChain } from '../../src/ceremony/chain.ts';
import { assertSafeEndpoint } from '../../src/ceremony/service-client.ts';
import { freshService } from './service.ts';

const DAY = 24 * 60 * 60 * 1000;

let fresh: Awaited<ReturnType<typeof freshService>>;
let good: { leaf: string; chain: string; modulusLength: number; now: number };
let other: typeof good;

async function fetchChain(): Promise<typeof good> {
  const { WrappingKeyCertificate, WrappingKeyCertificateChain } = await fresh.client.getParametersForImport({
    KeyMaterialType: 'KEY_CRYPTOGRAM',
    WrappingKeyAlgorithm: 'RSA_2048',
  });
  return {
    leaf: WrappingKeyCertificate!,
    chain: WrappingKeyCertificateChain!,
    modulusLength: 2048,
    now: Date.now(),
  };
}

before(async () => {
  fresh = await freshService();
  good = await fetchChain();
  other = await fetchChain();
});
after(() => fresh.close());

test("the service's own chain verifies", () => {
  assert.equal(verifyChain(good).asymmetricKeyDetails?.modulusLength, 2048);
});

test('a chain of another certificate does not', () => {
  assert.throws(() => verifyChain({ ...good, chain: other.chain }), /was not issued by/);
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

test('a key that is too short does not', () => {
  assert.throws(() => verifyChain({ ...good, modulusLength: 4096 }), /no RSA key of 4096 bits/);
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
