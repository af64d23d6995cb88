import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import vectors from '../../../vectors/key-derivation.json' with { type: 'json' };
import {
  agreeSecret,
  concat,
  decodeHex,
  deriveSharedKey,
  encodeAscii,
  encodeHex,
  type KeyDerivationFunction,
  type KeyDerivationHash,
  Secret,
} from '../src/index.ts';

test('both functions, with each hash, give the keys of NIST CAVP and OpenSSL', () => {
  const seen = new Set<string>();
  for (const { source, function: name, hash, secret, info, output } of vectors.tests) {
    using sharedSecret = Secret.fromHex(secret);
    for (const length of [16, 24, 32] as const) {
      if (output.length < 2 * length) continue;
      using key = deriveSharedKey({
        function: name as KeyDerivationFunction,
        hash: hash as KeyDerivationHash,
        sharedSecret,
        sharedInfo: decodeHex(info),
        length,
      });
      assert.equal(key.expose(encodeHex), output.slice(0, 2 * length).toUpperCase(), `${source} ${hash}`);
      seen.add(`${name} ${hash} ${length}`);
    }
  }
  assert.equal(seen.size, 2 * 3 * 3);
});

test('RFC 7518, appendix C: an agreement on P-256 and the key derived from it', () => {
  const alice = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
      y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
      d: '0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo',
    },
  });
  const bob = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
      y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
    },
  });
  const counted = (text: string) => concat(Uint8Array.of(0, 0, 0, text.length), encodeAscii(text));
  using sharedSecret = agreeSecret(alice, bob);
  using key = deriveSharedKey({
    function: 'NIST_SP800',
    hash: 'SHA256',
    sharedSecret,
    sharedInfo: concat(counted('A128GCM'), counted('Alice'), counted('Bob'), Uint8Array.of(0, 0, 0, 128)),
    length: 16,
  });
  assert.equal(
    key.expose((bytes) => Buffer.from(bytes).toString('base64url')),
    'VqqN6vgjbSBcIijNcacQGg',
  );
});

test('a key of another length is refused', () => {
  using sharedSecret = Secret.fromHex('00'.repeat(32));
  const options = {
    function: 'NIST_SP800',
    hash: 'SHA256',
    sharedSecret,
    sharedInfo: new Uint8Array(),
  } as const;
  assert.throws(() => deriveSharedKey({ ...options, length: 33 as 32 }), {
    name: 'RangeError',
    message: 'derived key must be 16 or 24 or 32 bytes, got 33',
  });
});
