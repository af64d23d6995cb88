import assert from 'node:assert/strict';
import { test } from 'node:test';
import kcv from '../../../vectors/kcv.json' with { type: 'json' };
import terminal from '../../../vectors/terminal_vectors.json' with { type: 'json' };
import {
  encodeHex,
  expandKey,
  KCV_METHODS,
  keyCheckValue,
  matchKeyCheckValue,
  Secret,
} from '../src/index.ts';
import { testEngines } from './engines.ts';

testEngines('TDES and AES keys of vectors/kcv.json, each by every method that it states', () => {
  let values = 0;
  for (const { key: digits, algorithm, computed, ...stated } of kcv.vectors) {
    using key = Secret.fromHex(digits);
    const expected = computed as { ansi_x9_24_legacy?: string; cmac: string; legacy_ecb_zeros?: string };
    const check = (actual: (length: number) => string, value: string | undefined) => {
      if (value === undefined) return;
      assert.equal(actual(value.length / 2), value);
      values++;
    };
    check((length) => keyCheckValue('TDES', key, length), expected.ansi_x9_24_legacy);
    check((length) => keyCheckValue('AES_LEGACY_ECB', key, length), expected.legacy_ecb_zeros);
    // X9.24-1 gives AES the CMAC; the file has it of TDES keys too.
    if (algorithm === 'A') {
      check((length) => keyCheckValue('AES', key, length), expected.cmac);
      check((length) => keyCheckValue('AES', key, length), stated.libtr31_kcv);
    } else {
      using tdes = expandKey('TDES', key);
      check((length) => encodeHex(tdes.cmac(new Uint8Array(8)).subarray(0, length)), expected.cmac);
      check((length) => keyCheckValue('TDES', key, length), stated.libtr31_kcv ?? stated.stated_kcv);
    }
  }
  assert.equal(kcv.vectors.length, 34);
  assert.equal(values, 101);
});

testEngines('pyemv', () => {
  assert.equal(kcv.pyemv.length, 51);
  for (const { args, result } of kcv.pyemv) {
    using key = Secret.fromHex(args.key.hex);
    // Its default is 2 bytes.
    assert.equal(keyCheckValue('TDES', key, args.length ?? 2), result.hex);
  }
});

testEngines('a terminal vendor’s own initial keys, all 8 bytes', () => {
  for (const { ipek, kcv: value } of terminal.tmkWrappedIpek.entries) {
    using key = Secret.fromHex(ipek);
    assert.equal(keyCheckValue('TDES', key, 8), value);
  }
});

testEngines('keys that AWS publishes with their check values', () => {
  const keys = [
    ['TDES', '0123456789ABCDEFFEDCBA9876543210', '08D7B4'],
    ['TDES', '79ADAEF3212AADCE312ACE422ACCFEFB', '3C0A31'],
    ['AES', '79ADAEF3212AADCE312ACE422ACCFEFB', '9A1B2A'],
    ['AES', '9A258BD009C508667F11A04301C6D4EC', '58E823'],
    ['TDES', '0123456789ABCDEF0123456789ABCDEF', 'D5D44F'],
  ] as const;
  for (const [method, digits, value] of keys) {
    using key = Secret.fromHex(digits);
    assert.equal(keyCheckValue(method, key), value);
  }
});

testEngines('HMAC keys: over an empty message, with the hash of the name', () => {
  // Python's hmac module; a key of one zero byte is the same HMAC key as an empty one.
  const published = {
    HMAC_SHA1: 'FBDB1D1B18AA6C08',
    HMAC_SHA224: '5CE14F7289466221',
    HMAC_SHA256: 'B613679A0814D9EC',
    HMAC_SHA384: '6C1F2EE938FAD2E2',
    HMAC_SHA512: 'B936CEE86C9F87AA',
  } as const;
  using key = Secret.take(new Uint8Array(1));
  for (const [method, value] of Object.entries(published)) {
    assert.equal(keyCheckValue(method as keyof typeof published, key, 8), value, method);
  }
});

testEngines('every method refuses lengths out of range', () => {
  assert.equal(KCV_METHODS.length, 8);
  using key = Secret.take(new Uint8Array(16).fill(1));
  for (const method of KCV_METHODS) {
    assert.equal(keyCheckValue(method, key).length, 6);
    for (const length of [0, 9, 2.5]) assert.throws(() => keyCheckValue(method, key, length), RangeError);
  }
});

test('the method of a stated check value is found, whatever its length, and none for another', () => {
  using key = Secret.fromHex('79ADAEF3212AADCE312ACE422ACCFEFB');
  assert.equal(matchKeyCheckValue('TDES', key, '3C0A31'), 'TDES');
  assert.equal(matchKeyCheckValue('AES', key, '9a1b2a'), 'AES');
  const legacy = keyCheckValue('AES_LEGACY_ECB', key, 8);
  assert.equal(matchKeyCheckValue('AES', key, legacy), 'AES_LEGACY_ECB');
  assert.equal(matchKeyCheckValue('TDES', key, '9A1B2A'), undefined);
  assert.equal(matchKeyCheckValue('AES', key, '3C0A31'), undefined);
  for (let i = 0; i < 16; i += 1) {
    const digit = legacy[i] === '0' ? '1' : '0';
    assert.equal(matchKeyCheckValue('AES', key, legacy.slice(0, i) + digit + legacy.slice(i + 1)), undefined);
  }
  for (const stated of ['', '3C0A3', '3C0A3X', '3C0A31'.repeat(3)]) {
    assert.throws(() => matchKeyCheckValue('TDES', key, stated), RangeError);
  }
});
