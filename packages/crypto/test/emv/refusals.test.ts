import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  as2805Mac,
  deriveCommonSessionKey,
  deriveCryptogramKey,
  deriveIccMasterKey,
  deriveMessagingKey,
  deriveTreeSessionKey,
  deriveUnionPaySessionKey,
  deriveVisaSessionKey,
  EmvError,
  type EmvErrorCode,
  encryptCommandData,
  generateArpcMethod1,
  generateArpcMethod2,
  generateArqc,
  generatePinChange,
  hasOddParity,
  issuerScriptMac,
  type MessagingKeyDerivation,
  Secret,
  verifyArqc,
  verifyIssuerScriptMac,
} from '../../src/index.ts';

const DIGITS = '0123456789ABCDEFFEDCBA9876543210';
const PAN = '4123456789012345';
const PIN = '98765';
const key = Secret.fromHex(DIGITS);
const short = Secret.take(new Uint8Array(8));
const triple = Secret.take(new Uint8Array(24));
const pin = Secret.copyOf(Buffer.from(PIN));
const bytes = (length: number) => new Uint8Array(length);
const applicationTransactionCounter = Uint8Array.of(0, 1);
const applicationCryptogram = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const arpc = { key, cryptogram: bytes(8), responseCode: bytes(2) };
const arpc2 = { key, cryptogram: bytes(8), cardStatusUpdate: bytes(4) };
const change = { pin, confidentialityMasterKey: key, integrityMasterKey: key, message: bytes(5) };
const mastercard = { scheme: 'MASTERCARD', applicationCryptogram } as const;
const visa = { scheme: 'VISA', applicationTransactionCounter, cryptogramMasterKey: key } as const;
const data = { key, data: bytes(1), layout: 'PADDED', mode: 'CBC' } as const;

const REFUSALS: [EmvErrorCode, RegExp, () => unknown][] = [
  [
    'KEY_LENGTH',
    /^issuer master key must be 16 bytes, got 24$/,
    () => deriveIccMasterKey(triple, PAN, '00', 'A'),
  ],
  ['KEY_LENGTH', /^ICC master key .* got 8$/, () => deriveCommonSessionKey(short, bytes(8))],
  ['KEY_LENGTH', /^ICC master key/, () => deriveVisaSessionKey(short, bytes(2))],
  ['KEY_LENGTH', /^ICC master key/, () => deriveUnionPaySessionKey(short, bytes(2))],
  ['KEY_LENGTH', /^ICC master key/, () => deriveCryptogramKey(triple, { scheme: 'VISA' })],
  ['KEY_LENGTH', /^cryptogram key/, () => generateArqc({ key: short, transactionData: bytes(8) })],
  ['KEY_LENGTH', /^cryptogram key/, () => generateArpcMethod1({ ...arpc, key: triple })],
  ['KEY_LENGTH', /^cryptogram key/, () => generateArpcMethod2({ ...arpc2, key: triple })],
  ['KEY_LENGTH', /^integrity key/, () => issuerScriptMac({ key: triple, message: bytes(1) })],
  ['KEY_LENGTH', /^confidentiality key/, () => encryptCommandData({ ...data, key: triple })],
  [
    'KEY_LENGTH',
    /^cryptogram master key/,
    () => generatePinChange({ ...change, method: { ...visa, cryptogramMasterKey: short } }),
  ],
  ['PAN_INVALID', /12 to 19 digits, got 11/, () => deriveIccMasterKey(key, PAN.slice(5), '00', 'A')],
  ['PAN_INVALID', /got 20/, () => deriveIccMasterKey(key, `${PAN}0000`, '00', 'B')],
  ['PAN_INVALID', /digits/, () => deriveIccMasterKey(key, '412345678901234A', '00', 'A')],
  ['SEQUENCE_NUMBER_INVALID', /2 digits, got 1/, () => deriveIccMasterKey(key, PAN, '0', 'A')],
  ['COUNTER_INVALID', /2 bytes, got 3/, () => deriveVisaSessionKey(key, bytes(3))],
  [
    'COUNTER_INVALID',
    /got 1/,
    () => deriveTreeSessionKey({ iccMasterKey: key, applicationTransactionCounter: bytes(1) }),
  ],
  [
    'COUNTER_INVALID',
    /got 0/,
    () => deriveCryptogramKey(key, { scheme: 'EMV_COMMON', applicationTransactionCounter: bytes(0) }),
  ],
  [
    'UNPREDICTABLE_NUMBER_INVALID',
    /4 bytes, got 3/,
    () =>
      deriveCryptogramKey(key, {
        scheme: 'MASTERCARD',
        applicationTransactionCounter,
        unpredictableNumber: bytes(3),
      }),
  ],
  ['DIVERSIFICATION_INVALID', /8 bytes, got 7/, () => deriveCommonSessionKey(key, bytes(7))],
  [
    'TREE_INVALID',
    /16 bytes, got 8/,
    () => deriveTreeSessionKey({ iccMasterKey: key, applicationTransactionCounter, iv: bytes(8) }),
  ],
  ['CRYPTOGRAM_INVALID', /8 bytes, got 4/, () => generateArpcMethod1({ ...arpc, cryptogram: bytes(4) })],
  ['CRYPTOGRAM_INVALID', /got 7/, () => verifyArqc({ key, transactionData: bytes(8), cryptogram: bytes(7) })],
  [
    'CRYPTOGRAM_INVALID',
    /got 9/,
    () => deriveMessagingKey(key, { ...mastercard, applicationCryptogram: bytes(9) }),
  ],
  ['TRANSACTION_DATA_INVALID', /empty/, () => generateArqc({ key, transactionData: bytes(0) })],
  ['RESPONSE_CODE_INVALID', /2 bytes, got 1/, () => generateArpcMethod1({ ...arpc, responseCode: bytes(1) })],
  [
    'CARD_STATUS_UPDATE_INVALID',
    /4 bytes, got 5/,
    () => generateArpcMethod2({ ...arpc2, cardStatusUpdate: bytes(5) }),
  ],
  [
    'PROPRIETARY_DATA_INVALID',
    /at most 8 bytes, got 9/,
    () => generateArpcMethod2({ ...arpc2, proprietaryData: bytes(9) }),
  ],
  ['COMMAND_DATA_INVALID', /1 to 255 bytes, got 0/, () => encryptCommandData({ ...data, data: bytes(0) })],
  ['COMMAND_DATA_INVALID', /got 256/, () => encryptCommandData({ ...data, data: bytes(256) })],
  ['MAC_LENGTH', /4 to 8 bytes, got 3/, () => issuerScriptMac({ key, message: bytes(1), length: 3 })],
  ['MAC_LENGTH', /got 9/, () => verifyIssuerScriptMac({ key, message: bytes(1), mac: bytes(9) })],
  [
    'PIN_INVALID',
    /^PIN must be 4 to 12/,
    () => generatePinChange({ ...change, pin: Secret.copyOf(Buffer.from('987')), method: mastercard }),
  ],
  [
    'PIN_INVALID',
    /^current PIN/,
    () =>
      generatePinChange({
        ...change,
        method: { ...visa, currentPin: Secret.copyOf(Buffer.from('98A65')) },
      }),
  ],
];

for (const [code, message, refused] of REFUSALS) {
  test(`${code}: ${message.source}`, () => {
    assert.throws(refused, (error) => {
      assert.ok(error instanceof EmvError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      for (const secret of [DIGITS, PAN, PIN]) assert.ok(!error.message.includes(secret));
      return true;
    });
  });
}

test('what no type allows is a RangeError', () => {
  assert.throws(() => deriveIccMasterKey(key, PAN, '00', 'C' as 'A'), /^RangeError: option must be A or B$/);
  const tree = { iccMasterKey: key, applicationTransactionCounter, branchFactor: 3 as 2 };
  assert.throws(() => deriveTreeSessionKey(tree), /^RangeError: branch factor must be 2 or 4$/);
  assert.throws(() => as2805Mac(triple, bytes(8)), RangeError);
});

test('a changed bit of data, key or cryptogram is found', () => {
  const array = fc.uint8Array({ minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(array, fc.nat(), fc.nat(7), (transactionData, at, bit) => {
      const cryptogram = generateArqc({ key, transactionData });
      assert.equal(verifyArqc({ key, transactionData, cryptogram }), true);
      const flip = (from: Uint8Array) => from.with(at % from.length, from[at % from.length]! ^ (1 << bit));
      assert.equal(verifyArqc({ key, transactionData: flip(transactionData), cryptogram }), false);
      assert.equal(verifyArqc({ key, transactionData, cryptogram: flip(cryptogram) }), false);
    }),
    { numRuns: 100 },
  );
});

test('every derived key has odd parity, and the keys derived from stay as they are', () => {
  const keys = [
    deriveIccMasterKey(key, PAN, '00', 'A'),
    deriveIccMasterKey(key, '4123456789012345678', '00', 'B'),
    deriveCommonSessionKey(key, applicationCryptogram),
    deriveVisaSessionKey(key, applicationTransactionCounter),
    deriveUnionPaySessionKey(key, applicationTransactionCounter),
    deriveTreeSessionKey({ iccMasterKey: key, applicationTransactionCounter }),
  ];
  for (const derived of keys) assert.ok(hasOddParity(derived));
  assert.ok(key.equals(Secret.fromHex(DIGITS)));
  assert.equal(pin.length, PIN.length);
});

test('American Express has the keys and the PIN block of Visa', () => {
  const of = (scheme: 'AMEX' | 'VISA') => ({ ...visa, scheme, currentPin: pin });
  assert.deepEqual(
    generatePinChange({ ...change, method: of('AMEX') }),
    generatePinChange({ ...change, method: of('VISA') }),
  );
});

test('EMV 2000 has the PIN block of Mastercard under keys of the tree', () => {
  const method = { scheme: 'EMV2000', applicationTransactionCounter } as const;
  const answer = generatePinChange({ ...change, method });
  using sessionKey = deriveMessagingKey(key, method satisfies MessagingKeyDerivation);
  const block = Uint8Array.of(0x25, 0x98, 0x76, 0x5f, 0xff, 0xff, 0xff, 0xff);
  const encrypted = encryptCommandData({
    key: sessionKey,
    data: block,
    layout: 'PADDED_IF_NEEDED',
    mode: 'ECB',
  });
  assert.deepEqual(answer.encryptedPinBlock, encrypted);
});
