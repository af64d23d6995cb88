import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import vectors from '../../../vectors/rsa-pkcs1.wycheproof.json' with { type: 'json' };
import { decodeHex, decryptPkcs1, encodeHex, encryptPkcs1, Secret } from '../src/index.ts';

const privateKey = createPrivateKey({
  key: Buffer.from(vectors.privateKeyPkcs8, 'hex'),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(privateKey);
const FAILURE = { name: 'RsaDecryptionError', message: 'RSA decryption failed' };

for (const { id, comment, message, cryptogram, result, flags } of vectors.tests) {
  test(`PKCS #1 v1.5, Wycheproof ${id} ${comment}: ${result}`, () => {
    const decrypt = () => decryptPkcs1(privateKey, decodeHex(cryptogram)).expose(encodeHex);
    if (result === 'valid') assert.equal(decrypt(), message.toUpperCase());
    else if (flags.includes('InvalidCiphertextFormat')) assert.throws(decrypt, FAILURE);
    else {
      // Implicit rejection: other data, the same every time.
      assert.notEqual(decrypt(), message.toUpperCase());
      assert.equal(decrypt(), decrypt());
    }
  });
}

test('what is encrypted decrypts, is another each time, and fits the modulus or is refused', () => {
  using message = Secret.take(new Uint8Array(256 - 11).fill(0x5a));
  const first = encryptPkcs1(publicKey, message);
  assert.equal(first.length, 256);
  assert.notDeepEqual(encryptPkcs1(publicKey, message), first);
  assert.ok(decryptPkcs1(privateKey, first).equals(message));
  using tooLong = Secret.take(new Uint8Array(256 - 10));
  assert.throws(() => encryptPkcs1(publicKey, tooLong), {
    name: 'RangeError',
    message: '246 bytes do not fit RSA of 2048 bits with PKCS #1 v1.5 padding',
  });
});
