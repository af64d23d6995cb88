import assert from 'node:assert/strict';
import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { test } from 'node:test';
import vectors from '../../../vectors/ecdh.wycheproof.json' with { type: 'json' };
import { agreeSecret, decodeHex, ecdhCurve, encodeHex } from '../src/index.ts';

const CURVES = {
  'P-256': { name: 'prime256v1', length: 32 },
  'P-384': { name: 'secp384r1', length: 48 },
  'P-521': { name: 'secp521r1', length: 66 },
} as const;

type Curve = keyof typeof CURVES;

function privateKeyOf(curve: Curve, scalar: string): KeyObject {
  const { name, length } = CURVES[curve];
  const d = Buffer.from(scalar.slice(-2 * length).padStart(2 * length, '0'), 'hex');
  const point = createECDH(name);
  point.setPrivateKey(d);
  const [x, y] = [0, 1].map((i) => point.getPublicKey().subarray(1 + i * length, 1 + (i + 1) * length));
  const jwk = { kty: 'EC', crv: curve, d: d.toString('base64url') };
  const key = { ...jwk, x: x!.toString('base64url'), y: y!.toString('base64url') };
  return createPrivateKey({ key, format: 'jwk' });
}

for (const { curve, tests } of vectors.groups as {
  curve: Curve;
  tests: (typeof vectors.groups)[0]['tests'];
}[]) {
  test(`ECDH on ${curve}: the vectors of Wycheproof`, () => {
    assert.ok(tests.some(({ shared }) => shared.startsWith('00')));
    for (const { id, comment, publicSpki, private: scalar, shared, result } of tests) {
      const privateKey = privateKeyOf(curve, scalar);
      const agree = () => {
        const key = Buffer.from(publicSpki, 'hex');
        return agreeSecret(privateKey, createPublicKey({ key, format: 'der', type: 'spki' }));
      };
      const title = `${id} ${comment}`;
      if (result === 'invalid') assert.throws(agree, title);
      else {
        using secret = agree();
        assert.equal(secret.length, CURVES[curve].length);
        assert.equal(secret.expose(encodeHex), encodeHex(decodeHex(shared)), title);
      }
    }
  });
}

const pairs = Object.fromEntries(
  [...Object.values(CURVES).map(({ name }) => name), 'secp256k1'].map((namedCurve) => [
    namedCurve,
    generateKeyPairSync('ec', { namedCurve }),
  ]),
) as Record<string, { publicKey: KeyObject; privateKey: KeyObject }>;

test('keys of other kinds and curves are refused by name', () => {
  const { publicKey, privateKey } = pairs.secp384r1!;
  const second = { name: 'TypeError', message: 'the second key must be an EC key on P-384, as the first is' };
  assert.throws(() => agreeSecret(privateKey, pairs.secp521r1!.publicKey), second);
  assert.throws(() => agreeSecret(privateKey, generateKeyPairSync('x25519').publicKey), second);
  const first = {
    name: 'TypeError',
    message: 'the first key must be an EC private key on P-256, P-384 or P-521',
  };
  assert.throws(() => agreeSecret(publicKey, publicKey), first);
  assert.throws(() => agreeSecret(pairs.secp256k1!.privateKey, pairs.secp256k1!.publicKey), first);
  assert.throws(() => agreeSecret(generateKeyPairSync('x25519').privateKey, publicKey), first);
});

test('the curve of a key', () => {
  for (const [curve, { name }] of Object.entries(CURVES)) {
    assert.deepEqual(Object.values(pairs[name]!).map(ecdhCurve), [curve, curve]);
  }
  assert.equal(ecdhCurve(pairs.secp256k1!.publicKey), undefined);
  assert.equal(ecdhCurve(generateKeyPairSync('ed25519').publicKey), undefined);
});
