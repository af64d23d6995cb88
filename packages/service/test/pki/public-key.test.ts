import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { ASYMMETRIC_ALGORITHMS, algorithmOf, isAsymmetric, keyIdentifier } from '../../src/pki/public-key.ts';
import { openssl, selfSigned } from './openssl.ts';

describe('public keys', () => {
  it('have the algorithm that they were made with, and the identifier that openssl has for them', () => {
    for (const algorithm of ASYMMETRIC_ALGORITHMS) {
      const root = selfSigned({ name: algorithm, algorithm, extensions: ['subjectKeyIdentifier=hash'] });
      const { publicKey } = root.certificate;
      assert.equal(algorithmOf(publicKey), algorithm);
      const expected = /X509v3 Subject Key Identifier:\s*([0-9A-F:]+)/.exec(
        openssl('x509', '-in', root.file, '-noout', '-text'),
      )![1]!;
      assert.equal(keyIdentifier(publicKey).toString('hex').toUpperCase(), expected.replaceAll(':', ''));
    }
  });

  it('of other kinds have none', () => {
    const others = [
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
      generateKeyPairSync('ec', { namedCurve: 'P-224' }),
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('x25519'),
    ];
    for (const { publicKey, privateKey } of others) {
      assert.equal(algorithmOf(publicKey), undefined);
      assert.equal(algorithmOf(privateKey), undefined);
    }
  });

  it('of RSA with the exponent 1 have none', () => {
    const { n } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    const withExponent = (e: string) =>
      createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' } as never);
    assert.equal(algorithmOf(withExponent('AQ')), undefined);
    assert.equal(algorithmOf(withExponent('Aw')), 'RSA_2048');
  });

  it('and symmetric ones are told apart by name', () => {
    assert.ok(isAsymmetric('RSA_2048') && isAsymmetric('ECC_NIST_P521'));
    assert.ok(!isAsymmetric('AES_128') && !isAsymmetric('HMAC_SHA256'));
  });
});
