import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeAscii, randomPin, type Secret } from '../../src/index.ts';

const read = (pin: Secret) => pin.expose((bytes) => decodeAscii(bytes));

/** A source that gives the bytes one by one. */
function source(bytes: readonly number[]) {
  const left = [...bytes];
  return () => Uint8Array.of(left.shift()!);
}

test('bytes of 250 and above are thrown away: the rest of 256 by 10 would favour low digits', () => {
  assert.equal(read(randomPin(4, source([250, 0, 255, 249, 10, 252, 251, 128]))), '0908');
});

test('each digit has as many bytes as any other', () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 250; byte++) {
    for (const digit of read(randomPin(4, source([byte, byte, byte, byte])))) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
  }
  assert.deepEqual([...counts.keys()].toSorted().join(''), '0123456789');
  assert.deepEqual(new Set(counts.values()), new Set([100]));
});

test('4 to 12 digits', () => {
  for (let length = 4; length <= 12; length++) assert.match(read(randomPin(length)), /^[0-9]+$/);
  assert.notEqual(read(randomPin(12)), read(randomPin(12)));
  for (const length of [0, 3, 13, 4.5, Number.NaN]) {
    assert.throws(() => randomPin(length), { name: 'PinVerificationError', code: 'PIN_LENGTH' });
  }
});
