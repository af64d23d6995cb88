import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  checkKeySetId,
  counterUnder,
  formatInitialKsn,
  highestNumber,
  ksnBlock,
} from '../../src/fleet/key-set.ts';

suite('KSNs of initial keys', () => {
  test('of TDES: 40 bits of KSI, 19 of number, 21 of counter, as in the KSN of X9.24-1:2009, A.4', () => {
    // FFFF9876543210E00000 is the initial KSN of the standard's example.
    const number = Number(BigInt('0x3210E00000') >> 21n);
    assert.equal(formatInitialKsn('TDES_2KEY', 'FFFF987654', number), 'FFFF9876543210E00000');
    assert.equal(formatInitialKsn('TDES_2KEY', '0000000000', 1), '00000000000000200000');
    assert.equal(highestNumber('TDES_2KEY'), 524_287);
    assert.equal(formatInitialKsn('TDES_2KEY', 'FFFFFFFFFF', 524_287), 'FFFFFFFFFFFFFFE00000');
  });

  test('of AES: BDK ID, derivation ID and counter, as in X9.24-3:2017, annex B', () => {
    // 1234567890123456 is the initial key ID of the standard's test vectors.
    assert.equal(formatInitialKsn('AES_128', '12345678', 0x90123456), '123456789012345600000000');
    assert.equal(highestNumber('AES_256'), 0xffffffff);
  });

  test('travel in optional block KS or IK', () => {
    assert.deepEqual(ksnBlock('FFFF9876543210E00000'), { KS: 'FFFF9876543210E00000' });
    assert.deepEqual(ksnBlock('123456789012345600000000'), { IK: '1234567890123456' });
  });

  test('are told from those of other terminals by everything but the counter', () => {
    assert.equal(counterUnder('FFFF9876543210E00000', 'FFFF9876543210E00001'), 1);
    assert.equal(counterUnder('FFFF9876543210E00000', 'ffff9876543210ffffff'), 0x1fffff);
    assert.equal(counterUnder('FFFF9876543210E00000', 'FFFF9876543210C00001'), undefined);
    assert.equal(counterUnder('123456789012345600000000', '123456789012345600000002'), 2);
    assert.equal(counterUnder('123456789012345600000000', '123456789012345700000002'), undefined);
    assert.equal(counterUnder('FFFF9876543210E00000', 'not a KSN at all, no'), undefined);
  });

  test('need the digits that the scheme of the BDK has', () => {
    checkKeySetId('TDES_2KEY', 'FFFF987654', 'keys[0].keySetId');
    checkKeySetId('AES_192', '12345678', 'keys[0].keySetId');
    for (const [algorithm, keySetId] of [
      ['TDES_2KEY', '12345678'],
      ['AES_128', 'FFFF987654'],
      ['TDES_2KEY', 'ffff987654'],
    ] as const) {
      assert.throws(
        () => checkKeySetId(algorithm, keySetId, 'keys[0].keySetId'),
        /^ValidationException: keys\[0\]/,
      );
    }
    assert.throws(() => checkKeySetId('TDES_3KEY', 'FFFF987654', 'x'), /derives no initial keys/);
  });
});
