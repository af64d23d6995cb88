import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkKeyUse } from '../../src/policy/key-use.ts';
import { completeModes, type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { refusal } from './refusal.ts';

const ARN = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/abcdefghijklmnop';
const ALLOWED = {
  usages: ['TR31_P0_PIN_ENCRYPTION_KEY', 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY'],
  algorithms: ['AES_128', 'AES_192', 'AES_256'],
  modes: ['Decrypt', 'Unwrap'],
} as const;

function record(mode: ModeLetter, changes: Partial<KeyRecord> = {}): KeyRecord {
  return {
    region: 'us-east-2',
    keyId: 'abcdefghijklmnop',
    attributes: {
      KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'AES_128',
      KeyModesOfUse: modesOfLetter(mode),
    },
    checkValue: '000000',
    checkValueAlgorithm: 'CMAC',
    origin: 'EXTERNAL',
    exportable: true,
    exportability: 'EXPORTABLE',
    enabled: true,
    state: 'CREATE_COMPLETE',
    createdAt: 0,
    revision: 0,
    ...changes,
  };
}

test('one of the modes is enough, and no restrictions is too', () => {
  for (const mode of ['B', 'D', 'N'] as const) checkKeyUse(record(mode), ARN, ALLOWED);
  const decrypt = completeModes({ Decrypt: true });
  const attributes = { ...record('B').attributes, KeyModesOfUse: decrypt };
  checkKeyUse(record('B', { attributes }), ARN, ALLOWED);
});

test('wrong attributes are ValidationExceptions that say what would be right', () => {
  assert.equal(
    refusal(() => checkKeyUse(record('E'), ARN, ALLOWED)),
    `KeyModesOfUse of the input key ${ARN} is invalid for the operation. It is {Encrypt, Wrap}; use a key with Decrypt, Unwrap or NoRestrictions.`,
  );
  const { attributes } = record('B');
  const of = (changes: Partial<typeof attributes>) =>
    record('B', { attributes: { ...attributes, ...changes } });
  assert.equal(
    refusal(() => checkKeyUse(of({ KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY' }), ARN, ALLOWED)),
    `KeyUsage of the input key ${ARN} is invalid for the operation. It is TR31_B0_BASE_DERIVATION_KEY; use a key with TR31_P0_PIN_ENCRYPTION_KEY or TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY.`,
  );
  assert.equal(
    refusal(() => checkKeyUse(of({ KeyAlgorithm: 'TDES_2KEY' }), ARN, ALLOWED)),
    `KeyAlgorithm of the input key ${ARN} is invalid for the operation. It is TDES_2KEY; use a key with AES_128, AES_192 or AES_256.`,
  );
});

test('a disabled or deleted key is refused, as the plane has it', () => {
  const disabled = () => record('B', { enabled: false });
  const pending = record('B', { enabled: false, state: 'DELETE_PENDING' });
  const message = `Key ${ARN} is not usable: it is disabled; enable it with StartKeyUsage.`;
  assert.equal(
    refusal(() => checkKeyUse(disabled(), ARN, ALLOWED)),
    message,
  );
  const onControlPlane = () => checkKeyUse(disabled(), ARN, ALLOWED, 'ConflictException');
  assert.equal(refusal(onControlPlane, 'ConflictException'), message);
  assert.equal(
    refusal(() => checkKeyUse(pending, ARN, ALLOWED)),
    `Key ${ARN} is not usable: it is in state DELETE_PENDING; use a key in state CREATE_COMPLETE.`,
  );
});
