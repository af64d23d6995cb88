import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import vectors from '../../../vectors/rsa-oaep.wycheproof.json' with { type: 'json' };
import {
  decodeHex,
  decryptOaep,
  encodeHex,
  encryptOaep,
  type OaepHash,
  RsaDecryptionError,
  Secret,
} from '../src/index.ts';

for (const group of vectors.groups) {
  const hash = group.hash as OaepHash;
  const privateKey = createPrivateKey({
    key: Buffer.from(group.privateKeyPkcs8, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);

  for (const { id, comment, message, cryptogram, result } of group.tests) {
    test(`OAEP ${hash}, Wycheproof ${id} ${comment}: ${result}`, () => {
      const decrypt = () => decryptOaep(privateKey, hash, decodeHex(cryptogram));
      if (result === 'valid') assert.equal(decrypt().expose(encodeHex), message.toUpperCase());
      else assert.throws(decrypt, { name: 'RsaDecryptionError', message: 'RSA decryption failed' });
    });
  }

  test(`OAEP ${hash}: what is encrypted decrypts, is another each time, and fits the modulus or is refused`, () => {
    const longest = 256 - 2 * { SHA1: 20, SHA256: 32, SHA512: 64 }[hash] - 2;
    using key = Secret.take(new Uint8Array(longest).fill(0x5a));
    const first = encryptOaep(publicKey, hash, key);
    assert.equal(first.length, 256);
    assert.notDeepEqual(encryptOaep(publicKey, hash, key), first);
    assert.ok(decryptOaep(privateKey, hash, first).equals(key));
    const other = hash === 'SHA1' ? 'SHA256' : 'SHA1';
    assert.throws(() => decryptOaep(privateKey, other, first), RsaDecryptionError);
    using tooLong = Secret.take(new Uint8Array(longest + 1));
    assert.throws(() => encryptOaep(publicKey, hash, tooLong), RangeError);
  });
}

test('a modulus that is not a whole number of bytes', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2047 });
  using key = Secret.fromHex('00112233445566778899AABBCCDDEEFF');
  using opened = decryptOaep(privateKey, 'SHA256', encryptOaep(publicKey, 'SHA256', key));
  assert.ok(opened.equals(key));
});
