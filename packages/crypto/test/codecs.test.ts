import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  assertLength,
  concat,
  decodeAscii,
  decodeBase64,
  decodeHex,
  encodeAscii,
  encodeBase64,
  encodeHex,
  equal,
  randomBytes,
  xor,
} from '../src/index.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('hexadecimal: reads either case, writes upper', () => {
  assert.deepEqual(decodeHex('00fFaB'), bytes(0x00, 0xff, 0xab));
  assert.equal(encodeHex(bytes(0x00, 0xff, 0xab)), '00FFAB');
  assert.equal(encodeHex(bytes(1, 2, 3, 4).subarray(1, 3)), '0203');
  fc.assert(fc.property(fc.uint8Array(), (data) => assert.deepEqual(decodeHex(encodeHex(data)), data)));
});

test('hexadecimal: refuses what Node stops at in silence, and does not print it', () => {
  for (const text of ['0', '0g', '12zz34', '12 34', '0x12', '12\n', '１２']) {
    const message = `key must be an even number of hexadecimal digits, got ${text.length} characters`;
    assert.throws(() => decodeHex(text, 'key'), { name: 'RangeError', message });
  }
});

test('base64: RFC 4648, section 10, with padding and without', () => {
  const vectors = {
    '': '',
    f: 'Zg==',
    fo: 'Zm8=',
    foo: 'Zm9v',
    foob: 'Zm9vYg==',
    fooba: 'Zm9vYmE=',
    foobar: 'Zm9vYmFy',
  };
  for (const [text, encoded] of Object.entries(vectors)) {
    assert.equal(encodeBase64(encodeAscii(text)), encoded);
    assert.equal(decodeAscii(decodeBase64(encoded)), text);
    assert.equal(decodeAscii(decodeBase64(encoded.replaceAll('=', ''))), text);
  }
});

test('base64: refuses what is not', () => {
  for (const text of ['Z', 'Zg=', 'Zg===', '=', 'Zm9v!', 'Zm 9v', 'Zm9v\n', 'Zm-_']) {
    assert.throws(
      () => decodeBase64(text, 'block'),
      /^RangeError: block must be base64, got \d characters$/,
      text,
    );
  }
});

test('ASCII: printable only, both ways', () => {
  assert.deepEqual(encodeAscii(' ~'), bytes(0x20, 0x7e));
  assert.equal(decodeAscii(bytes(0x44, 0x30)), 'D0');
  for (const text of ['\n', '\x7f', '\0', 'é', '€']) assert.throws(() => encodeAscii(text), RangeError);
  for (const byte of [0x00, 0x1f, 0x7f, 0x80, 0xff])
    assert.throws(() => decodeAscii(bytes(byte)), RangeError);
});

test('concat, xor, equal, assertLength', () => {
  const left = bytes(1, 2);
  assert.deepEqual(concat(), bytes());
  assert.deepEqual(concat(left, bytes(), bytes(3)), bytes(1, 2, 3));
  assert.deepEqual(xor(bytes(0xf0, 0x0f), bytes(0xff, 0xff)), bytes(0x0f, 0xf0));
  assert.throws(() => xor(left, bytes(1)), /^RangeError: cannot xor 2 bytes with 1 bytes$/);
  assert.ok(equal(left, bytes(1, 2)));
  assert.ok(!equal(left, bytes(1, 3)));
  assert.ok(!equal(left, bytes(1, 2, 0)));
  assert.throws(() => assertLength(left, [8, 16], 'IV'), /^RangeError: IV must be 8 or 16 bytes, got 2$/);
  assertLength(left, [2], 'IV');
});

test('random bytes are as many as asked for, and others each time', () => {
  assert.equal(randomBytes(0).length, 0);
  const drawn = new Set(Array.from({ length: 100 }, () => encodeHex(randomBytes(16))));
  assert.equal(drawn.size, 100);
});
