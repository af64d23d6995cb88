import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildPinBlock,
  decodeAscii,
  decryptPinBlock,
  encodeAscii,
  encodeHex,
  encryptPinBlock,
  type PinBlockBinding,
  type PinBlockErrorCode,
  type PinBlockFormat,
  parsePinBlock,
  randomBytes,
  Secret,
} from '../../src/index.ts';

const FORMATS = ['ISO_0', 'ISO_1', 'ISO_2', 'ISO_3', 'ISO_4'] as const;
const PAN = '5555555551234567';
const KEY_DIGITS = '0123456789ABCDEFFEDCBA9876543210';
const key = Secret.fromHex(KEY_DIGITS);

const hasPan = (format: PinBlockFormat) => format !== 'ISO_1' && format !== 'ISO_2';
const pinOf = (digits: string) => Secret.copyOf(encodeAscii(digits));
const read = (pin: Secret) => pin.expose((bytes) => decodeAscii(bytes));
const bindingOf = (format: PinBlockFormat, pan = PAN): PinBlockBinding => ({
  format,
  key,
  algorithm: format === 'ISO_4' ? 'AES' : 'TDES',
  ...(hasPan(format) && { pan }),
});

function refuses(code: PinBlockErrorCode, message: RegExp, act: () => unknown) {
  assert.throws(act, (error: Error & { code?: string }) => {
    assert.deepEqual([error.name, error.code], ['PinBlockError', code]);
    assert.match(error.message, message);
    for (const hidden of ['1234', '5555', KEY_DIGITS.slice(0, 8)]) assert.ok(!error.message.includes(hidden));
    return true;
  });
}

const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));

for (const format of FORMATS) {
  test(`${format}: every PIN and PAN comes back, under every length of key`, () => {
    const lengths = format === 'ISO_4' ? [16, 24, 32] : [16, 24];
    fc.assert(
      fc.property(digits(4, 12), digits(12, 19), fc.constantFrom(...lengths), (pin, pan, length) => {
        const binding = { ...bindingOf(format, pan), key: Secret.take(randomBytes(length)) };
        const block = encryptPinBlock({ ...binding, pin: pinOf(pin) });
        assert.equal(block.length, format === 'ISO_4' ? 16 : 8);
        assert.equal(read(decryptPinBlock({ ...binding, block })), pin);
      }),
      { numRuns: 40 },
    );
  });
}

test('the formats 1, 3 and 4 write the same PIN another way each time, 0 and 2 the same', () => {
  for (const format of FORMATS) {
    const blocks = Array.from({ length: 8 }, () =>
      encodeHex(encryptPinBlock({ ...bindingOf(format), pin: pinOf('1234') })),
    );
    assert.equal(new Set(blocks).size > 1, !['ISO_0', 'ISO_2'].includes(format), format);
  }
});

test('format 3 fills with A to F only, each as likely', () => {
  const counts = new Map<string, number>();
  const pan = '0000000000000'; // so that the block is the PIN field
  for (let i = 0; i < 600; i++) {
    using block = buildPinBlock({ format: 'ISO_3', pin: pinOf('1234'), pan });
    for (const digit of block.expose(encodeHex).slice(6)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), ['A', 'B', 'C', 'D', 'E', 'F']);
  // 1,000 each are expected; 8 standard deviations are about 230.
  for (const [digit, count] of counts) assert.ok(Math.abs(count - 1000) < 230, `${digit}: ${count}`);
});

test('format 3 throws uneven random bytes away: 252 to 255', () => {
  const bytes = [0, 255, 252, 5, 6, 251, 1, 2, 3, 4, 5, 0];
  const random = (length: number) => Uint8Array.from({ length }, () => bytes.shift()!);
  const pan = '0000000000000';
  using block = buildPinBlock({ format: 'ISO_3', pin: pinOf('1234'), pan, random });
  assert.equal(block.expose(encodeHex), '341234AFAFBCDEFA');
});

test('a wrong key, PAN or bit: one indistinct failure, whatever it was', () => {
  for (const format of ['ISO_0', 'ISO_3', 'ISO_4'] as const) {
    const binding = bindingOf(format);
    const block = encryptPinBlock({ ...binding, pin: pinOf('123456789012') });
    const failures = new Set<string>();
    const attempt = (change: Partial<PinBlockBinding & { block: Uint8Array }>) => {
      try {
        return read(decryptPinBlock({ ...binding, block, ...change }));
      } catch (error) {
        failures.add(`${error}`);
        return undefined;
      }
    };
    for (let i = 0; i < 60; i++) {
      attempt({ key: Secret.take(randomBytes(16)) });
      attempt({ block: randomBytes(block.length) });
    }
    attempt({ block: block.with(0, block[0]! ^ 1) });
    // Another PAN turns digits of the PIN: into another PIN at most.
    assert.notEqual(attempt({ pan: '5555565551234567' }), '123456789012');
    assert.deepEqual([...failures], ['PinBlockError: PIN block is invalid']);
  }
});

test('the check digit of the PAN counts in format 4 only', () => {
  const other = `${PAN.slice(0, -1)}8`;
  for (const format of ['ISO_0', 'ISO_3'] as const) {
    const block = encryptPinBlock({ ...bindingOf(format), pin: pinOf('1234') });
    assert.equal(read(decryptPinBlock({ ...bindingOf(format, other), block })), '1234');
  }
  const block = encryptPinBlock({ ...bindingOf('ISO_4'), pin: pinOf('1234') });
  refuses('PIN_BLOCK_INVALID', /^PIN block is invalid$/, () =>
    decryptPinBlock({ ...bindingOf('ISO_4', other), block }),
  );
});

test('refuses PINs that are none, before anything is encrypted', () => {
  const wrong = ['', '123', '1234567890123', '123A', '12 4', '12.4', '/234', ':234', '123-'];
  for (const format of FORMATS) {
    for (const pin of wrong) {
      refuses('PIN_INVALID', /^PIN must be 4 to 12 ASCII digits$/, () =>
        encryptPinBlock({ ...bindingOf(format), pin: pinOf(pin) }),
      );
    }
    const binary = Secret.take(Uint8Array.of(1, 2, 3, 4));
    refuses('PIN_INVALID', /4 to 12/, () => encryptPinBlock({ ...bindingOf(format), pin: binary }));
    const high = Secret.take(Uint8Array.of(0x31, 0x32, 0x33, 0xb4));
    refuses('PIN_INVALID', /4 to 12/, () => encryptPinBlock({ ...bindingOf(format), pin: high }));
  }
});

test('refuses PANs that are none, missing or without a place', () => {
  const pin = pinOf('1234');
  for (const format of ['ISO_0', 'ISO_3', 'ISO_4'] as const) {
    const binding = bindingOf(format);
    for (const pan of [
      '',
      '55555555555',
      '55555555555555555555',
      '555555555555A',
      '555555555555 ',
      '５５５５５５５５５５５５',
    ]) {
      refuses('PAN_INVALID', /^PAN must be 12 to 19 digits, got \d+ characters$/, () =>
        encryptPinBlock({ ...binding, pan, pin }),
      );
    }
    refuses('PAN_MISSING', /needs the PAN/, () => encryptPinBlock({ ...binding, pan: undefined, pin }));
  }
  for (const format of ['ISO_1', 'ISO_2'] as const) {
    refuses('PAN_NOT_USED', /has no PAN/, () => encryptPinBlock({ ...bindingOf(format), pan: PAN, pin }));
  }
});

test('refuses keys of the other algorithm and of a wrong length, and blocks of a wrong length', () => {
  for (const format of FORMATS) {
    const binding = bindingOf(format);
    const algorithm = format === 'ISO_4' ? 'TDES' : 'AES';
    const block = new Uint8Array(format === 'ISO_4' ? 16 : 8);
    for (const wrong of [{ algorithm } as const, { key: Secret.take(new Uint8Array(8)) }]) {
      refuses('KEY_NOT_FOR_FORMAT', new RegExp(`^${format} takes (AES|TDES) keys of`), () =>
        encryptPinBlock({ ...binding, ...wrong, pin: pinOf('1234') }),
      );
      refuses('KEY_NOT_FOR_FORMAT', /takes/, () => decryptPinBlock({ ...binding, ...wrong, block }));
    }
    for (const length of [0, 7, 24]) {
      refuses('PIN_BLOCK_LENGTH', /PIN block must be (8|16) bytes, got \d+/, () =>
        decryptPinBlock({ ...binding, block: new Uint8Array(length) }),
      );
    }
  }
  const short = Secret.take(new Uint8Array(7));
  refuses('PIN_BLOCK_LENGTH', /got 7/, () => parsePinBlock({ format: 'ISO_2', block: short }));
});

test('refuses a format that there is not', () => {
  for (const format of ['ISO_5', 'toString']) {
    const binding = { ...bindingOf('ISO_0'), format: format as PinBlockFormat };
    assert.throws(() => encryptPinBlock({ ...binding, pin: pinOf('1234') }), RangeError);
  }
});
