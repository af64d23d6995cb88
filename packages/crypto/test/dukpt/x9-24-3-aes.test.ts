import assert from 'node:assert/strict';
import { test } from 'node:test';
import dukpt from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import {
  type DukptKeyType,
  type DukptUsage,
  decodeHex,
  deriveAesCurrentKey,
  deriveAesInitialKey,
  deriveAesWorkingKey,
  deriveDukptKey,
  deriveTerminalKey,
  encodeAscii,
  encodeHex,
  encryptPinBlock,
  expandKey,
  parseAesKsn,
  Secret,
} from '../../src/index.ts';

/** The vectors' field names: usage and key type. */
const WORKING_KEYS: Record<string, [usage: DukptUsage, keyType: DukptKeyType]> = {
  pin_key_aes128: ['pin', 'AES_128'],
  pin_key_aes256: ['pin', 'AES_256'],
  cmac_aes128_key: ['mac-request', 'AES_128'],
  cmac_aes256_key: ['mac-request', 'AES_256'],
  data_aes128_key: ['data-request', 'AES_128'],
  data_aes256_key: ['data-request', 'AES_256'],
};

const SUITES = [
  ['AES-128', dukpt.suites.dukpt_aes128_test, 24],
  ['AES-256', dukpt.suites.dukpt_aes256_test, 48],
] as const;

for (const [title, { constants, vectors }, workingKeys] of SUITES) {
  const bdk = Secret.fromHex(constants.bdk);

  test(`X9.24-3:2017 supplement, ${title} BDK: initial key and 15 transactions`, () => {
    const initialKey = deriveAesInitialKey(bdk, constants.ikid);
    assert.equal(initialKey.expose(encodeHex), constants.ik_verify);
    assert.equal(vectors.length, 15);
    for (const { ksn, expected } of vectors) {
      assert.equal(deriveAesCurrentKey(initialKey, ksn).expose(encodeHex), expected.txn_key, ksn);
    }
  });

  test(`X9.24-3:2017 supplement, ${title} BDK: working keys, host, terminal and from the current key`, () => {
    const initialKey = Secret.fromHex(constants.ik_verify);
    let checked = 0;
    for (const { ksn, expected } of vectors) {
      const values = expected as Record<string, string>;
      const currentKey = Secret.fromHex(expected.txn_key);
      for (const [field, [usage, keyType]] of Object.entries(WORKING_KEYS)) {
        if (values[field] === undefined) continue;
        const options = { scheme: 'AES', ksn, usage, keyType } as const;
        const { counter } = parseAesKsn(ksn);
        const working = deriveAesWorkingKey(currentKey, keyType, usage, constants.ikid, counter);
        assert.equal(working.expose(encodeHex), values[field], field);
        assert.equal(deriveDukptKey({ ...options, bdk }).expose(encodeHex), values[field], field);
        assert.equal(deriveTerminalKey({ ...options, initialKey }).expose(encodeHex), values[field], field);
        checked++;
      }
    }
    assert.equal(checked, workingKeys);
  });
}

test('X9.24-3:2017 supplement: encrypted PIN blocks of format 4', () => {
  const { constants, vectors } = dukpt.suites.dukpt_aes128_test;
  const fill = decodeHex(constants.pinfield).subarray(8);
  const pin = Secret.copyOf(encodeAscii('1234'));
  let checked = 0;
  for (const { ksn, expected } of vectors) {
    if (!('encrypted_pinblock' in expected)) continue;
    const key = deriveDukptKey({ bdk: Secret.fromHex(constants.bdk), scheme: 'AES', ksn, usage: 'pin' });
    const { pan } = constants;
    const random = () => fill;
    const block = encryptPinBlock({ format: 'ISO_4', algorithm: 'AES', key, pin, pan, random });
    assert.equal(encodeHex(block), expected.encrypted_pinblock);
    checked++;
  }
  assert.equal(checked, 8);
});

// moov-io/dukpt: CMACs of the same message under the keys of the AES-128 BDK's first eight transactions.
const CMACS = [
  ['A2EB5C1C35809E58404E873C3C411E31', 'DD4E1895FD9BF53D8DAF25568ABF551D'],
  ['4D104704C53491A60944193DCAF6B411', '008CEAAE2B913BEEE76209EE9406DAC1'],
  ['6A18904AA8E966A03505F5EEBDAEBD82', '40CB2F0C2E043D060063FAA916A849E1'],
  ['77BBD3FB827158B9B12880B0794D1C74', '51FDE192BC484F769AA0A86F8BC5CB30'],
  ['C0CE6DA1F4434AD16EEEBF486C9616CD', '4B508F51104D184A9190061ED854200E'],
  ['05222AE91471C590B3A9471523324C14', 'ED90BD8AE4571C75CF08EA3EA195ABF8'],
  ['37FA54258AAF805A44AA1273C0DF928C', '52D6C1D3A95B1D21761E20870D9A7E8C'],
  ['85C7CA68F55F51E7DCAC969B8C111130', 'B45399DB90C0BA75DB4B86605758695A'],
] as const;

test('moov-io/dukpt: request and response MACs', () => {
  const { constants, vectors } = dukpt.suites.dukpt_aes128_test;
  const bdk = Secret.fromHex(constants.bdk);
  for (const [i, macs] of CMACS.entries()) {
    const { ksn } = vectors[i]!;
    for (const [j, usage] of (['mac-request', 'mac-response'] as const).entries()) {
      using cipher = expandKey('AES', deriveDukptKey({ bdk, scheme: 'AES', ksn, usage }));
      assert.equal(encodeHex(cipher.cmac(encodeAscii(constants.txn_data.ascii))), macs[j]);
    }
  }
});

// Of the AES-256 BDK and the last counter, by a program written apart from this one on Python's cryptography package.
const OTHER_KEYS = [
  ['pin', 'TDES_2KEY', '2F6FFB129593E61B312D41C63FCFEAAE'],
  ['pin', 'TDES_3KEY', 'B8436BDBCFBA9970682A80964535EA8875FDA234558AE8D3'],
  ['pin', 'AES_192', '336990875BC1BA08A62F001E7DC4B6B99979F0A69078739B'],
  ['mac-request', 'TDES_2KEY', '21DB3E930D0CF82FF04D10772F82E805'],
  ['mac-response', 'AES_128', '8030E1ADD7B90B1A408E0F7BD5538C4C'],
  ['mac-both', 'AES_192', '8083618365BC550B24CA2D4A182E6D1A97DE7B8A2948D0A9'],
  ['mac-both', 'TDES_3KEY', 'F94A125938BCB0F33268EA1F1B73C093C6A5285F35532DE2'],
  ['data-request', 'TDES_3KEY', 'DD1B3C9C7FE198DF893922B34D2354D50D9E6C8F3E09F27D'],
  ['data-response', 'AES_256', 'C8B8A755A1B08B732145DABE8C9C9B88CE41B2BDCACA2D569374D4A674945408'],
  ['data-both', 'AES_128', '22CA3EF49FB31753AD6E9D651E5315CE'],
  ['data-both', 'TDES_2KEY', 'A0D242274AE5468D8553CB5C1FF62784'],
] as const;

test('usages and key types without a published example', () => {
  const bdk = Secret.fromHex(dukpt.suites.dukpt_aes256_test.constants.bdk);
  for (const [usage, keyType, expected] of OTHER_KEYS) {
    const key = deriveDukptKey({ bdk, scheme: 'AES', ksn: '1234567890123456FFFF0000', usage, keyType });
    assert.equal(key.expose(encodeHex), expected, `${usage} ${keyType}`);
  }
});

test('PIN keys that AWS publishes for its samples', () => {
  const bdk = Secret.fromHex('8A8349794C9EE9A4C2927098F249FED6');
  const key = deriveDukptKey({ bdk, scheme: 'AES', ksn: 'FFFF9876543210E000000001', usage: 'pin' });
  assert.equal(key.expose(encodeHex), 'F04F3D5E1986D0EBFA833466ACF5156A');
});

test('the initial key takes nothing of the counter', () => {
  const { constants } = dukpt.suites.dukpt_aes256_test;
  const bdk = Secret.fromHex(constants.bdk);
  for (const ksn of [constants.ikid, `${constants.ikid}00000000`, `${constants.ikid}FFFF0000`]) {
    const key = deriveDukptKey({ bdk, scheme: 'AES', ksn, usage: 'initial' });
    assert.equal(key.expose(encodeHex), constants.ik_verify);
  }
});

test('every usage and every key type is a key of its own', () => {
  const bdk = Secret.fromHex(dukpt.suites.dukpt_aes256_test.constants.bdk);
  const usages = [
    'pin',
    'mac-request',
    'mac-response',
    'mac-both',
    'data-request',
    'data-response',
    'data-both',
  ] as const;
  const lengths = { TDES_2KEY: 16, TDES_3KEY: 24, AES_128: 16, AES_192: 24, AES_256: 32 };
  const seen = new Set<string>();
  for (const usage of usages) {
    for (const [keyType, length] of Object.entries(lengths)) {
      const options = { bdk, scheme: 'AES', ksn: '123456789012345600000001', usage } as const;
      const key = deriveDukptKey({ ...options, keyType: keyType as DukptKeyType });
      assert.equal(key.length, length);
      seen.add(key.expose(encodeHex).slice(0, 32));
    }
  }
  assert.equal(seen.size, 35);
});
