import assert from 'node:assert/strict';
import psec from '../../../vectors/psec_functions.json' with { type: 'json' };
import { cbcMac, decodeHex, encodeHex, type MacPadding, retailMac, Secret } from '../src/index.ts';
import { testEngines } from './engines.ts';

interface Recorded {
  function: string;
  args: Record<string, unknown>;
  result: unknown;
}
const recorded = (psec.vectors as Recorded[]).filter((vector) => vector.result !== null);
const hexOf = (value: unknown) => (value as { hex: string }).hex;
const lengthOf = (args: Recorded['args']) => (args.length as number | null) ?? 8;

testEngines('retail MAC: psec (two DES keys, padding methods 1 and 2)', () => {
  const vectors = recorded.filter((v) => v.function === 'mac.generate_retail_mac' && v.args.padding !== 3);
  assert.equal(vectors.length, 6);
  for (const { args, result } of vectors) {
    // psec takes the two keys as two-key TDES keys with equal halves.
    using key = Secret.fromHex(hexOf(args.key1).slice(0, 16) + hexOf(args.key2).slice(0, 16));
    const mac = retailMac(key, decodeHex(hexOf(args.data)), args.padding as MacPadding, lengthOf(args));
    assert.equal(encodeHex(mac), hexOf(result));
  }
});

testEngines('CBC-MAC: psec (padding methods 1 and 2)', () => {
  const vectors = recorded.filter((v) => v.function === 'mac.generate_cbc_mac' && v.args.padding !== 3);
  assert.equal(vectors.length, 6);
  for (const { args, result } of vectors) {
    using key = Secret.fromHex(hexOf(args.key));
    const mac = cbcMac(key, decodeHex(hexOf(args.data)), args.padding as MacPadding, lengthOf(args));
    assert.equal(encodeHex(mac), hexOf(result));
  }
});

testEngines('retail MAC: a live answer of AWS Payment Cryptography', () => {
  using key = Secret.fromHex('1111111111111111AAAAAAAAAAAAAAAA');
  assert.equal(encodeHex(retailMac(key, decodeHex('0102030405060708090A0B0C'), 1)), 'D8749ECF9A6C6932');
});

testEngines('an empty message is one block of padding', () => {
  using key = Secret.fromHex('1111111111111111AAAAAAAAAAAAAAAA');
  const none = new Uint8Array();
  assert.deepEqual(retailMac(key, none, 1), retailMac(key, new Uint8Array(8), 1));
  assert.deepEqual(retailMac(key, none, 2), retailMac(key, decodeHex('8000000000000000'), 1));
});

testEngines('a three-key MAC is the two-key one when the third key is the first', () => {
  const message = decodeHex('000102030405060708090A0B0C0D0E0F1011');
  using two = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
  using three = Secret.fromHex('0123456789ABCDEFFEDCBA98765432100123456789ABCDEF');
  assert.deepEqual(retailMac(three, message, 2), retailMac(two, message, 2));
  assert.deepEqual(cbcMac(three, message, 2), cbcMac(two, message, 2));
});

testEngines('refuses single DES, lengths and padding methods out of range', () => {
  using single = Secret.take(new Uint8Array(8));
  using key = Secret.fromHex('1111111111111111AAAAAAAAAAAAAAAA');
  const none = new Uint8Array();
  for (const mac of [retailMac, cbcMac]) {
    assert.throws(() => mac(single, none, 1), /^RangeError: MAC key must be 16 or 24 bytes, got 8$/);
    assert.throws(
      () => mac(key, none, 3 as MacPadding),
      /^RangeError: padding method must be 1 or 2, got 3$/,
    );
    for (const length of [0, 3, 9, 4.5]) assert.throws(() => mac(key, none, 1, length), RangeError);
  }
});
