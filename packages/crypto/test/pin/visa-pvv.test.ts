import assert from 'node:assert/strict';
import { test } from 'node:test';
import published from '../../../../vectors/card-and-pin-values.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import { encodeAscii, pinVerificationValue, Secret, verifyPinVerificationValue } from '../../src/index.ts';

interface Recorded {
  function: string;
  args: { pvk: { hex: string }; pvki: string; pin: string; pan: string };
  result: string | null;
}

const pinOf = (digits: string) => Secret.copyOf(encodeAscii(digits));
const key = Secret.fromHex('0123456789ABCDEFFEDCBA9876543210');
const right = { key, keyIndex: 1, pan: '5432101234567890', pin: pinOf('1234') };

test('psec', () => {
  const calls = (psec.vectors as unknown as Recorded[]).filter((v) => v.function === 'pin.generate_visa_pvv');
  assert.equal(calls.length, 17);
  let values = 0;
  for (const { args, result } of calls) {
    const keyIndex = /^[0-9]$/.test(args.pvki) ? Number(args.pvki) : Number.NaN;
    const input = { key: Secret.fromHex(args.pvk.hex), keyIndex, pan: args.pan, pin: pinOf(args.pin) };
    // psec takes single DES keys; each of its refusals is of something else too, or of the key.
    if (result === null) assert.throws(() => pinVerificationValue(input), { name: 'PinVerificationError' });
    else {
      assert.equal(pinVerificationValue(input), result);
      values++;
    }
  }
  assert.equal(values, 4);
});

test('values of the live AWS service, jPOS and eftcalculator', () => {
  assert.equal(published.pvv.length, 4);
  for (const { key: digits, keyIndex, pan, pin, value, source } of published.pvv) {
    const input = { key: Secret.fromHex(digits), keyIndex, pan, pin: pinOf(pin) };
    assert.equal(pinVerificationValue(input), value, source);
    assert.equal(verifyPinVerificationValue({ ...input, value }), true);
    for (const other of ['0000', `${value.slice(0, 3)}${(Number(value[3]) + 1) % 10}`]) {
      assert.equal(verifyPinVerificationValue({ ...input, value: other }), false);
    }
  }
});

test('of a longer PIN, the first 4 digits count', () => {
  assert.equal(pinVerificationValue({ ...right, pin: pinOf('123456789012') }), '6776');
  assert.notEqual(pinVerificationValue({ ...right, pin: pinOf('9123') }), '6776');
});

test('the key index counts, from 0 to 6', () => {
  const values = [0, 1, 2, 3, 4, 5, 6].map((keyIndex) => pinVerificationValue({ ...right, keyIndex }));
  assert.ok(new Set(values).size > 4);
  for (const keyIndex of [-1, 7, 1.5, Number.NaN]) {
    assert.throws(() => pinVerificationValue({ ...right, keyIndex }), { code: 'KEY_INDEX_INVALID' });
  }
});

test('refusals name the field and hold nothing of it', () => {
  const cases = [
    ['PAN_INVALID', { pan: '54321012345' }],
    ['PAN_INVALID', { pan: '543210123456789X' }],
    ['PIN_INVALID', { pin: pinOf('123') }],
    ['PIN_INVALID', { pin: pinOf('1234567890123') }],
    ['PIN_INVALID', { pin: pinOf('12A4') }],
    ['KEY_LENGTH', { key: Secret.take(new Uint8Array(8)) }],
    ['KEY_LENGTH', { key: Secret.take(new Uint8Array(32)) }],
    ['VERIFICATION_VALUE_INVALID', { value: '677' }],
    ['VERIFICATION_VALUE_INVALID', { value: '67a6' }],
  ] as const;
  for (const [code, change] of cases) {
    assert.throws(
      () => verifyPinVerificationValue({ ...right, value: '6776', ...change }),
      (error: Error & { code?: string }) => {
        assert.deepEqual([error.name, error.code], ['PinVerificationError', code]);
        assert.doesNotMatch(error.message, /\d{3}/);
        return true;
      },
    );
  }
});
