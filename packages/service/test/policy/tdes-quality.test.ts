import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equal, expandKey, Secret } from '@keywright/crypto';
import { isGoodTdesKey, isSingleDes } from '../../src/policy/tdes-quality.ts';

const K1 = '0123456789ABCDEF';
const K2 = 'FEDCBA9876543210';
const K3 = '89ABCDEF01234567';
/** K1 with every parity bit turned over: to the cipher the same key. */
const K1_OTHER_PARITY = '0022446688AACCEE';

const WEAK = `
    0101010101010101 FEFEFEFEFEFEFEFE E0E0E0E0F1F1F1F1 1F1F1F1F0E0E0E0E
    011F011F010E010E 1F011F010E010E01 01E001E001F101F1 E001E001F101F101
    01FE01FE01FE01FE FE01FE01FE01FE01 1FE01FE00EF10EF1 E01FE01FF10EF10E
    1FFE1FFE0EFE0EFE FE1FFE1FFE0EFE0E E0FEE0FEF1FEF1FE FEE0FEE0FEF1FEF1`
  .trim()
  .split(/\s+/);

function judge(...parts: string[]) {
  using key = Secret.fromHex(parts.join(''));
  return { good: isGoodTdesKey(key), single: isSingleDes(key) };
}

test('keys of different parts', () => {
  assert.deepEqual(judge(K1, K2), { good: true, single: false });
  assert.deepEqual(judge(K1, K2, K3), { good: true, single: false });
});

test('keys that are single DES in effect, whatever their parity', () => {
  for (const parts of [
    [K1, K1],
    [K1, K1_OTHER_PARITY],
    [K1, K1, K2],
    [K2, K1, K1_OTHER_PARITY],
    [K1, K1, K1],
  ]) {
    assert.deepEqual(judge(...parts), { good: false, single: true }, parts.join(' '));
  }
});

test('a three-part key whose outer parts are equal has two keys: not one to make, but one to take', () => {
  assert.deepEqual(judge(K1, K2, K1), { good: false, single: false });
});

test('the weak and semi-weak keys of NIST SP 800-67, section 3.4.2, are not made', () => {
  for (const part of WEAK) {
    assert.deepEqual(judge(K1, part), { good: false, single: false }, part);
    assert.deepEqual(judge(part, K2, K3), { good: false, single: false }, part);
  }
});

test('that list is right: each key undoes what one of the list does', () => {
  const ciphers = WEAK.map((digits) => {
    using key = Secret.fromHex(digits);
    return expandKey('TDES', key);
  });
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  for (const first of ciphers) {
    const once = first.encryptEcb(data);
    assert.ok(ciphers.some((second) => equal(second.encryptEcb(once), data)));
  }
});
