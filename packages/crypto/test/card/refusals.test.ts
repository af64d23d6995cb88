import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  amexCardSecurityCode,
  type CardErrorCode,
  cardholderAuthenticationVerificationValue,
  cardVerificationValue,
  dynamicCardVerificationCode3,
  dynamicCardVerificationValue,
  Secret,
  verifyCardVerificationValue,
} from '../../src/index.ts';

const DIGITS = '0123456789ABCDEFFEDCBA9876543210';
const key = Secret.fromHex(DIGITS);
const PAN = '4123456789012345';
const card = { key, pan: PAN, expiry: '2512', serviceCode: '101' };
const dynamic = { ...card, applicationTransactionCounter: Uint8Array.of(0, 1) };
const cvc3 = {
  key,
  trackData: Uint8Array.of(0x41),
  unpredictableNumber: new Uint8Array(4),
  applicationTransactionCounter: Uint8Array.of(0, 1),
};
const cavv = { key, pan: PAN, trackingNumber: '1234', resultsCode: '0', secondFactorCode: '00' };
const amex = { key, pan: '371234567890123', expiry: '9912', length: 4 } as const;

const REFUSALS: [CardErrorCode, RegExp, () => unknown][] = [
  [
    'PAN_INVALID',
    /^PAN must be 12 to 19 digits, got 11/,
    () => cardVerificationValue({ ...card, pan: '41234567890' }),
  ],
  ['PAN_INVALID', /got 20/, () => cardVerificationValue({ ...card, pan: `${PAN}4123` })],
  ['PAN_INVALID', /digits/, () => cardVerificationValue({ ...card, pan: '412345678901234\n' })],
  ['PAN_INVALID', /PAN must be 15 digits, got 16/, () => amexCardSecurityCode({ ...amex, pan: PAN })],
  [
    'EXPIRY_INVALID',
    /^expiry date must be 4 digits, got 3/,
    () => cardVerificationValue({ ...card, expiry: '251' }),
  ],
  ['EXPIRY_INVALID', /expiry date/, () => amexCardSecurityCode({ ...amex, expiry: '99A2' })],
  ['SERVICE_CODE_INVALID', /3 digits, got 4/, () => cardVerificationValue({ ...card, serviceCode: '1010' })],
  [
    'SERVICE_CODE_INVALID',
    /service code/,
    () => dynamicCardVerificationValue({ ...dynamic, serviceCode: 'A01' }),
  ],
  [
    'COUNTER_INVALID',
    /2 bytes, got 1/,
    () => dynamicCardVerificationValue({ ...dynamic, applicationTransactionCounter: Uint8Array.of(1) }),
  ],
  [
    'COUNTER_INVALID',
    /2 bytes, got 3/,
    () => dynamicCardVerificationCode3({ ...cvc3, applicationTransactionCounter: new Uint8Array(3) }),
  ],
  [
    'UNPREDICTABLE_NUMBER_INVALID',
    /4 bytes, got 2/,
    () => dynamicCardVerificationCode3({ ...cvc3, unpredictableNumber: new Uint8Array(2) }),
  ],
  [
    'TRACK_DATA_INVALID',
    /not be empty/,
    () => dynamicCardVerificationCode3({ ...cvc3, trackData: new Uint8Array(0) }),
  ],
  [
    'AUTHENTICATION_INVALID',
    /tracking number must be 4 digits, got 5/,
    () => cardholderAuthenticationVerificationValue({ ...cavv, trackingNumber: '12345' }),
  ],
  [
    'AUTHENTICATION_INVALID',
    /results code must be 1 digit, got 0/,
    () => cardholderAuthenticationVerificationValue({ ...cavv, resultsCode: '' }),
  ],
  [
    'AUTHENTICATION_INVALID',
    /second factor code must be 2 digits, got 1/,
    () => cardholderAuthenticationVerificationValue({ ...cavv, secondFactorCode: '0' }),
  ],
  ['VALUE_INVALID', /3 to 5 digits long, got 6/, () => cardVerificationValue({ ...card, length: 6 as 5 })],
  ['VALUE_INVALID', /3 to 5 digits long, got 2/, () => amexCardSecurityCode({ ...amex, length: 2 as 3 })],
  ['VALUE_INVALID', /3 to 5 digits, got 2/, () => verifyCardVerificationValue({ ...card, value: '12' })],
  ['VALUE_INVALID', /3 to 5 digits, got 3/, () => verifyCardVerificationValue({ ...card, value: '12a' })],
];

test('every field that is malformed, by a message that names it and holds nothing of it', () => {
  for (const [code, message, act] of REFUSALS) {
    assert.throws(act, (error: Error & { code?: string }) => {
      assert.deepEqual([error.name, error.code], ['CardError', code]);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\d{3}/);
      return true;
    });
  }
});

test('keys that are not two-key TDES', () => {
  for (const length of [8, 24, 32]) {
    const other = Secret.take(new Uint8Array(length).fill(1));
    for (const act of [
      () => cardVerificationValue({ ...card, key: other }),
      () => cardholderAuthenticationVerificationValue({ ...cavv, key: other }),
      () => dynamicCardVerificationValue({ ...dynamic, key: other }),
      () => dynamicCardVerificationCode3({ ...cvc3, key: other }),
      () => amexCardSecurityCode({ ...amex, key: other }),
    ]) {
      assert.throws(act, { code: 'KEY_LENGTH', message: `key must be 16 bytes, got ${length}` });
    }
  }
});
