import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BlockCipherName,
  cryptStream,
  expandKey,
  randomBytes,
  Secret,
  type StreamMode,
} from '../src/index.ts';

const bitOf = (bytes: Uint8Array, i: number) => (bytes[i >> 3]! >> (7 - (i & 7))) & 1;

/** CFB and OFB bit by bit, as NIST SP 800-38A, 6.3 and 6.4 define them, over the plain cipher. */
function byDefinition(
  encryptBlock: (block: Uint8Array) => Uint8Array,
  segment: number,
  feedback: 'ciphertext' | 'output',
  iv: Uint8Array,
  data: Uint8Array,
) {
  const register = [
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
    ...iv.keys(),
  ].map((_, i) => bitOf(iv, i));
  const result = new Uint8Array(data.length);
  for (let start = 0; start < data.length * 8; start += segment) {
    const block = new Uint8Array(iv.length);
    for (const [i, bit] of register.entries()) block[i >> 3]! |= bit << (7 - (i & 7));
    const output = encryptBlock(block);
    for (let i = 0; i < segment && start + i < data.length * 8; i++) {
      const bit = bitOf(data, start + i) ^ bitOf(output, i);
      result[(start + i) >> 3]! |= bit << (7 - ((start + i) & 7));
    }
    for (let i = 0; i < segment; i++) {
      register.shift();
      const at = start + i;
      register.push(feedback === 'output' ? bitOf(output, i) : at < data.length * 8 ? bitOf(result, at) : 0);
    }
  }
  return result;
}

const CASES: [BlockCipherName, StreamMode, segment: number][] = [
  ['TDES', 'CFB1', 1],
  ['TDES', 'CFB8', 8],
  ['TDES', 'CFB64', 64],
  ['TDES', 'OFB', 64],
  ['AES', 'CFB1', 1],
  ['AES', 'CFB8', 8],
  ['AES', 'CFB128', 128],
  ['AES', 'OFB', 128],
];

for (const [cipher, mode, segment] of CASES) {
  test(`${cipher} ${mode} is what SP 800-38A defines, for every key length, and decrypts`, () => {
    const keyLength = cipher === 'AES' ? fc.constantFrom(16, 24, 32) : fc.constantFrom(16, 24);
    const dataLength = fc.integer({ min: 0, max: mode === 'CFB1' ? 6 : 40 });
    fc.assert(
      fc.property(keyLength, dataLength, (length, size) => {
        using key = Secret.take(randomBytes(length));
        using block = expandKey(cipher, key);
        const iv = randomBytes(block.blockLength);
        const data = randomBytes(size);
        const feedback = mode === 'OFB' ? 'output' : 'ciphertext';
        const expected = byDefinition((input) => block.encryptEcb(input), segment, feedback, iv, data);
        const encrypted = cryptStream({ direction: 'encrypt', cipher, mode, key, iv, data });
        assert.deepEqual(encrypted, expected);
        assert.deepEqual(cryptStream({ direction: 'decrypt', cipher, mode, key, iv, data: encrypted }), data);
      }),
      { numRuns: 40 },
    );
  });
}

test('refuses segments that the cipher does not have, and wrong lengths', () => {
  const common = { direction: 'encrypt', data: new Uint8Array(3) } as const;
  const aes = {
    ...common,
    cipher: 'AES',
    key: Secret.take(new Uint8Array(16)),
    iv: new Uint8Array(16),
  } as const;
  const tdes = {
    ...common,
    cipher: 'TDES',
    key: Secret.take(new Uint8Array(16)),
    iv: new Uint8Array(8),
  } as const;
  assert.throws(() => cryptStream({ ...aes, mode: 'CFB64' }), /^RangeError: AES has no mode CFB64$/);
  assert.throws(() => cryptStream({ ...tdes, mode: 'CFB128' }), /^RangeError: TDES has no mode CFB128$/);
  assert.throws(
    () => cryptStream({ ...aes, mode: 'OFB', iv: tdes.iv }),
    /^RangeError: IV must be 16 bytes, got 8$/,
  );
  const single = Secret.take(new Uint8Array(8));
  assert.throws(
    () => cryptStream({ ...tdes, mode: 'OFB', key: single }),
    /^RangeError: TDES key must be 16 or 24/,
  );
});
