import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import vectors from '../../../../vectors/rsa-signature.wycheproof.json' with { type: 'json' };
import { decodeHex, type SignatureHash, signPkcs1, verifyPkcs1 } from '../../src/index.ts';

describe('RSASSA-PKCS1-v1_5', () => {
  for (const { hash, publicKeyDer, tests } of vectors.groups) {
    const publicKey = createPublicKey({ key: Buffer.from(publicKeyDer, 'hex'), format: 'der', type: 'spki' });
    for (const { id, comment, message, signature, result } of tests) {
      it(`Wycheproof ${id} ${comment}: ${result}`, () => {
        const verified = verifyPkcs1(
          publicKey,
          hash as SignatureHash,
          decodeHex(message),
          decodeHex(signature),
        );
        assert.equal(verified, result === 'valid');
      });
    }
  }

  it('signs so that the same hash verifies and no other', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const message = Uint8Array.of(1, 2, 3);
    for (const hash of ['SHA256', 'SHA384', 'SHA512'] as const) {
      const signature = signPkcs1(privateKey, hash, message);
      assert.equal(signature.length, 256);
      assert.ok(verifyPkcs1(publicKey, hash, message, signature));
      assert.ok(!verifyPkcs1(publicKey, hash === 'SHA256' ? 'SHA512' : 'SHA256', message, signature));
      assert.ok(!verifyPkcs1(publicKey, hash, Uint8Array.of(1, 2), signature));
    }
  });

  it('refuses keys that are not RSA keys', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    assert.throws(() => signPkcs1(privateKey, 'SHA256', new Uint8Array()), TypeError);
    assert.throws(() => verifyPkcs1(publicKey, 'SHA256', new Uint8Array(), new Uint8Array(64)), TypeError);
  });
});
