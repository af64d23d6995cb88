import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeAscii,
  decryptPinBlock,
  encodeAscii,
  encryptPinBlock,
  type PinBlockBinding,
  type PinBlockErrorCode,
  type PinBlockFormat,
  randomBytes,
  Secret,
  translatePinBlock,
} from '../../src/index.ts';

const FORMATS = ['ISO_0', 'ISO_1', 'ISO_2', 'ISO_3', 'ISO_4'] as const;
const PAN = '4012345678909123';
const PIN = '987654';
const pin = Secret.copyOf(encodeAscii(PIN));

const incomingKey = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
const outgoingKey = Secret.fromHex('89E88CF7931444F334BD7547FC3F380C');

const hasPan = (format: PinBlockFormat) => format !== 'ISO_1' && format !== 'ISO_2';
const bindingOf = (format: PinBlockFormat, key: Secret): PinBlockBinding => ({
  format,
  key,
  algorithm: format === 'ISO_4' ? 'AES' : 'TDES',
  ...(hasPan(format) && { pan: PAN }),
});

/** Rows: from; columns: to 0, 1, 2, 3, 4 (PCI PIN Security, requirement 3; AWS Payment Cryptography agrees). */
const ALLOWED: Record<PinBlockFormat, string> = {
  ISO_0: 'x..xx',
  ISO_1: 'xx.xx',
  ISO_2: '.....',
  ISO_3: 'x..xx',
  ISO_4: 'x..xx',
};

for (const from of FORMATS) {
  for (const [i, to] of FORMATS.entries()) {
    const allowed = ALLOWED[from][i] === 'x';
    test(`${from} to ${to}: ${allowed ? 'translates' : 'refused'}`, () => {
      const incoming = bindingOf(from, incomingKey);
      const outgoing = bindingOf(to, outgoingKey);
      const block = encryptPinBlock({ ...incoming, pin });
      const translate = () => translatePinBlock({ incoming, outgoing, block });
      if (!allowed) return refuses('TRANSLATION_NOT_ALLOWED', translate);
      const translated = decryptPinBlock({ ...outgoing, block: translate() });
      assert.equal(
        translated.expose((bytes) => decodeAscii(bytes)),
        PIN,
      );
    });
  }
}

function refuses(code: PinBlockErrorCode, act: () => unknown) {
  assert.throws(act, (error: Error & { code?: string }) => {
    assert.deepEqual([error.name, error.code], ['PinBlockError', code]);
    for (const hidden of [PIN, PAN.slice(0, 6), '01234567']) assert.ok(!error.message.includes(hidden));
    return true;
  });
}

test('the PAN does not change on the way', () => {
  const incoming = bindingOf('ISO_0', incomingKey);
  const block = encryptPinBlock({ ...incoming, pin });
  for (const pan of ['4012345678909124', '012345678909123', undefined]) {
    const outgoing = { ...bindingOf('ISO_0', outgoingKey), pan };
    refuses('PAN_CHANGED', () => translatePinBlock({ incoming, outgoing, block }));
  }
});

test('what is wrong with the way out is said before the block is decrypted', () => {
  const incoming = bindingOf('ISO_1', incomingKey);
  const block = randomBytes(8);
  const outgoing = bindingOf('ISO_0', outgoingKey);
  const wrong: [PinBlockErrorCode, Partial<PinBlockBinding>][] = [
    ['PAN_MISSING', { pan: undefined }],
    ['PAN_INVALID', { pan: '1' }],
    ['KEY_NOT_FOR_FORMAT', { algorithm: 'AES' }],
  ];
  for (const [code, change] of wrong) {
    refuses(code, () => translatePinBlock({ incoming, outgoing: { ...outgoing, ...change }, block }));
  }
});

test('a block that is none is refused as by decryption', () => {
  const incoming = bindingOf('ISO_4', incomingKey);
  const outgoing = bindingOf('ISO_0', outgoingKey);
  refuses('PIN_BLOCK_INVALID', () => translatePinBlock({ incoming, outgoing, block: new Uint8Array(16) }));
  refuses('PIN_BLOCK_LENGTH', () => translatePinBlock({ incoming, outgoing, block: new Uint8Array(8) }));
});
