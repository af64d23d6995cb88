import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Secret } from '@keywright/crypto';
import type { KeyAlgorithm, KeyCheckValueAlgorithm } from '../../src/api/control-plane.generated.ts';
import { checkValueOf } from '../../src/policy/check-value.ts';
import { refusal } from './refusal.ts';

interface Vector {
  readonly key: string;
  readonly algorithm: string;
  readonly computed: {
    readonly ansi_x9_24_legacy: string;
    readonly legacy_ecb_zeros: string;
    readonly cmac: string;
  };
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../../../vectors/kcv.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

function checkValue(hex: string, algorithm: KeyAlgorithm, requested?: KeyCheckValueAlgorithm) {
  using key = Secret.fromHex(hex);
  return checkValueOf(key, algorithm, requested);
}

test('TDES keys have the legacy check value, by default and by name', () => {
  const tdes = vectors.filter(({ algorithm, key }) => algorithm === 'T' && key.length === 32);
  assert.ok(tdes.length > 0);
  for (const { key, computed } of tdes) {
    const expected = { checkValue: computed.ansi_x9_24_legacy, checkValueAlgorithm: 'ANSI_X9_24' };
    assert.deepEqual(checkValue(key, 'TDES_2KEY'), expected);
    assert.deepEqual(checkValue(key, 'TDES_2KEY', 'ANSI_X9_24'), expected);
  }
});

test('AES keys have CMAC by default and the legacy value when ANSI_X9_24 is asked for', () => {
  const aes = vectors.filter(({ algorithm, key }) => algorithm === 'A' && key.length === 32);
  assert.ok(aes.length > 0);
  for (const { key, computed } of aes) {
    const cmac = { checkValue: computed.cmac.slice(0, 6), checkValueAlgorithm: 'CMAC' };
    assert.deepEqual(checkValue(key, 'AES_128'), cmac);
    assert.deepEqual(checkValue(key, 'AES_128', 'CMAC'), cmac);
    const legacy = { checkValue: computed.legacy_ecb_zeros, checkValueAlgorithm: 'ANSI_X9_24' };
    assert.deepEqual(checkValue(key, 'AES_128', 'ANSI_X9_24'), legacy);
  }
});

test('HMAC keys have the HMAC of an empty message', () => {
  const hex = '0B'.repeat(32);
  for (const bits of ['224', '256', '384', '512'] as const) {
    const mac = createHmac(`sha${bits}`, Buffer.from(hex, 'hex')).digest('hex').slice(0, 6).toUpperCase();
    assert.deepEqual(checkValue(hex, `HMAC_SHA${bits}`), { checkValue: mac, checkValueAlgorithm: 'HMAC' });
  }
});

test('another algorithm is refused with the ones that would do', () => {
  const hex = '0123456789ABCDEFFEDCBA9876543210';
  const message = (algorithm: KeyAlgorithm, requested: KeyCheckValueAlgorithm) =>
    refusal(() => checkValue(hex, algorithm, requested));
  const wrong = (algorithm: string, requested: string, right: string) =>
    `KeyCheckValueAlgorithm ${requested} is not valid for ${algorithm}: use ${right}.`;
  for (const requested of ['CMAC', 'HMAC', 'SHA_1'] as const) {
    assert.equal(message('TDES_2KEY', requested), wrong('TDES_2KEY', requested, 'ANSI_X9_24'));
  }
  for (const requested of ['HMAC', 'SHA_1'] as const) {
    assert.equal(message('AES_128', requested), wrong('AES_128', requested, 'CMAC or ANSI_X9_24'));
  }
  for (const requested of ['CMAC', 'ANSI_X9_24', 'SHA_1'] as const) {
    assert.equal(message('HMAC_SHA256', requested), wrong('HMAC_SHA256', requested, 'HMAC'));
  }
});
