import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjustOddParity, hasOddParity, keyCheckValue, randomBytes, Secret } from '../src/index.ts';

const oneBits = (byte: number) => [...byte.toString(2)].filter((digit) => digit === '1').length;

test('every byte value: an odd number of one-bits, and only the lowest bit moves', () => {
  for (let byte = 0; byte < 256; byte++) {
    using key = Secret.take(new Uint8Array(8).fill(byte));
    using adjusted = adjustOddParity(key);
    assert.equal(hasOddParity(key), oneBits(byte) % 2 === 1);
    assert.ok(hasOddParity(adjusted));
    adjusted.expose((bytes) => {
      assert.equal(bytes[0]! >> 1, byte >> 1);
      assert.equal(oneBits(bytes[0]!) % 2, 1);
      assert.ok(bytes.every((other) => other === bytes[0]));
    });
  }
});

test('one wrong byte anywhere is found', () => {
  for (const length of [8, 16, 24]) {
    for (let at = 0; at < length; at++) {
      using key = Secret.take(Uint8Array.from({ length }, (_, i) => (i === at ? 0x03 : 0x01)));
      assert.equal(hasOddParity(key), false);
    }
  }
});

test('the check value does not change, and the key given stays as it is', () => {
  for (let i = 0; i < 20; i++) {
    using key = Secret.take(randomBytes(16));
    using before = key.clone();
    using adjusted = adjustOddParity(key);
    assert.equal(keyCheckValue('TDES', adjusted), keyCheckValue('TDES', key));
    assert.ok(key.equals(before));
  }
});

test('refuses other lengths', () => {
  using key = Secret.take(new Uint8Array(32));
  assert.throws(() => hasOddParity(key), RangeError);
  assert.throws(() => adjustOddParity(key), RangeError);
});
