import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import published from '../../../../vectors/card-and-pin-values.json' with { type: 'json' };
import psec from '../../../../vectors/psec_functions.json' with { type: 'json' };
import {
  decodeAscii,
  encodeAscii,
  naturalPin,
  pinFromOffset,
  pinOffset,
  Secret,
  verifyPinOffset,
} from '../../src/index.ts';

interface Recorded {
  function: string;
  args: {
    pvk: { hex: string };
    conversion_table: string;
    pan: string;
    pan_verify_offset: number;
    pan_verify_length: number;
    pan_pad: string;
    offset?: string;
    pin?: string;
  };
  result: string | null;
}

const calls = (name: string) =>
  (psec.vectors as unknown as Recorded[]).filter((v) => v.function === `pin.${name}`);
const pinOf = (digits: string) => Secret.copyOf(encodeAscii(digits));
const read = (pin: Secret) => pin.expose((bytes) => decodeAscii(bytes));

function inputOf({
  pvk,
  conversion_table,
  pan,
  pan_verify_offset: from,
  pan_verify_length: length,
  pan_pad,
}: Recorded['args']) {
  return {
    key: Secret.fromHex(pvk.hex),
    decimalizationTable: conversion_table,
    validationData: pan.slice(from, from + length),
    padCharacter: pan_pad,
  };
}

/** psec takes its validation data out of the PAN; that a part reaches beyond the PAN's end can't be said here. */
const isOurs = ({ args: { pan, pan_verify_offset: from, pan_verify_length: length } }: Recorded) =>
  from + length <= pan.length;

const [example] = published.ibm3624 as [(typeof published.ibm3624)[0]];
const input = {
  key: Secret.fromHex(example.key),
  decimalizationTable: example.decimalizationTable,
  validationData: example.validationData,
  padCharacter: example.padCharacter,
};

test('psec: PIN from offset', () => {
  const all = calls('generate_ibm3624_pin');
  assert.deepEqual([all.length, all.filter(isOurs).length], [24, 22]);
  for (const { args, result } of all.filter(isOurs)) {
    const act = () => read(pinFromOffset({ ...inputOf(args), offset: args.offset! }));
    if (result === null) assert.throws(act, { name: 'PinVerificationError' });
    else assert.equal(act(), result);
  }
});

test('psec: offset of a PIN', () => {
  const all = calls('generate_ibm3624_offset');
  assert.deepEqual([all.length, all.filter(isOurs).length], [24, 22]);
  for (const { args, result } of all.filter(isOurs)) {
    const act = () => pinOffset({ ...inputOf(args), pin: pinOf(args.pin!) });
    if (result === null) assert.throws(act, { name: 'PinVerificationError' });
    else assert.equal(act(), result);
  }
});

test('CyberChef: natural PIN, offset, and back', () => {
  assert.equal(read(naturalPin({ ...input, length: 4 })), example.naturalPin);
  assert.equal(pinOffset({ ...input, pin: pinOf(example.pin) }), example.offset);
  assert.equal(read(pinFromOffset({ ...input, offset: example.offset })), example.pin);
});

const digits = (shortest: number, longest: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: shortest, maxLength: longest });

test('every PIN comes back from its offset, and no other verifies', () => {
  fc.assert(
    fc.property(digits(4, 12), digits(4, 16), digits(16, 16), digits(4, 12), (chosen, data, table, other) => {
      const parameters = { ...input, validationData: data, decimalizationTable: table };
      const offset = pinOffset({ ...parameters, pin: pinOf(chosen) });
      assert.equal(offset.length, chosen.length);
      assert.equal(read(pinFromOffset({ ...parameters, offset })), chosen);
      assert.equal(verifyPinOffset({ ...parameters, pin: pinOf(chosen), offset }), true);
      assert.equal(verifyPinOffset({ ...parameters, pin: pinOf(other), offset }), other === chosen);
    }),
    { numRuns: 200 },
  );
});

test('an offset of zeros makes the natural PIN, of every length', () => {
  for (let length = 4; length <= 12; length++) {
    const natural = naturalPin({ ...input, length });
    assert.equal(natural.length, length);
    assert.ok(pinFromOffset({ ...input, offset: '0'.repeat(length) }).equals(natural));
  }
});

test('refusals name the field and hold nothing of it', () => {
  const cases = [
    ['KEY_LENGTH', { key: Secret.take(new Uint8Array(8)) }],
    ['DECIMALIZATION_TABLE_INVALID', { decimalizationTable: '012345678901234' }],
    ['DECIMALIZATION_TABLE_INVALID', { decimalizationTable: '012345678901234F' }],
    ['VALIDATION_DATA_INVALID', { validationData: '543' }],
    ['VALIDATION_DATA_INVALID', { validationData: '54321012345678901' }],
    ['PAD_CHARACTER_INVALID', { padCharacter: '' }],
    ['PAD_CHARACTER_INVALID', { padCharacter: 'G' }],
    ['OFFSET_INVALID', { offset: '123' }],
    ['OFFSET_INVALID', { offset: '1234567890123' }],
    ['OFFSET_INVALID', { offset: '12A4' }],
    ['PIN_INVALID', { pin: pinOf('12A4') }],
  ] as const;
  for (const [code, change] of cases) {
    assert.throws(
      () => verifyPinOffset({ ...input, pin: pinOf('1234'), offset: '0000', ...change }),
      (error: Error & { code?: string }) => {
        assert.deepEqual([error.name, error.code], ['PinVerificationError', code]);
        assert.doesNotMatch(error.message, /\d{3}/);
        return true;
      },
    );
  }
  for (const length of [3, 13, 4.5]) {
    assert.throws(() => naturalPin({ ...input, length }), { code: 'PIN_LENGTH' });
  }
});
