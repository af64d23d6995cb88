import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { Secret } from '../src/index.ts';

const DIGITS = '5A5A5A5A5A5A5A5AA5A5A5A5A5A5A5A5';
const SHAPES = [
  DIGITS,
  DIGITS.toLowerCase(),
  Buffer.from(DIGITS, 'hex').toString('base64'),
  '90, 90',
  '165, 165',
];

test('no way of printing shows the bytes', () => {
  using key = Secret.fromHex(DIGITS);
  const prints = [
    String(key),
    `${key}`,
    JSON.stringify({ key }),
    inspect(key, { showHidden: true, depth: null }),
    inspect({ deep: [{ key }] }, { showHidden: true, depth: null }),
    format('%s %o %O %j', key, key, key, key),
    Object.entries(key).join(),
    JSON.stringify({ ...key }),
  ];
  for (const print of prints) {
    for (const shape of SHAPES) assert.ok(!print.includes(shape), print);
  }
  assert.equal(String(key), '[Secret 16 bytes]');
});

test('is wiped at the end of its block, and says so afterwards', () => {
  let lent: Uint8Array | undefined;
  let kept: Secret | undefined;
  {
    using key = Secret.fromHex(DIGITS);
    kept = key;
    key.expose((bytes) => {
      lent = bytes;
    });
    assert.equal(lent![0], 0x5a);
  }
  assert.deepEqual(lent, new Uint8Array(16));
  assert.throws(() => kept!.expose(() => 0), /^TypeError: this Secret was wiped/);
  assert.throws(() => kept!.clone(), TypeError);
  kept[Symbol.dispose]();
});

test('take wipes the bytes it was given; copyOf leaves them', () => {
  const taken = new Uint8Array([1, 2]);
  const copied = new Uint8Array([1, 2]);
  Secret.take(taken)[Symbol.dispose]();
  Secret.copyOf(copied)[Symbol.dispose]();
  assert.deepEqual(taken, new Uint8Array(2));
  assert.deepEqual(copied, new Uint8Array([1, 2]));
});

test('a clone lives on by itself, and equals', () => {
  const key = Secret.fromHex(DIGITS);
  using clone = key.clone();
  assert.ok(clone.equals(key));
  key[Symbol.dispose]();
  using again = Secret.fromHex(DIGITS.toLowerCase());
  using other = Secret.fromHex(`${DIGITS.slice(0, -2)}A4`);
  using shorter = Secret.fromHex(DIGITS.slice(0, 16));
  assert.ok(clone.equals(again));
  assert.ok(!clone.equals(other));
  assert.ok(!clone.equals(shorter));
});

test('a wrong digit is refused without being shown', () => {
  const message = 'KBPK must be an even number of hexadecimal digits, got 32 characters';
  assert.throws(() => Secret.fromHex(`${DIGITS.slice(0, -1)}G`, 'KBPK'), { name: 'RangeError', message });
});

test('shared bytes are wiped with the last holder, each of which dies alone', () => {
  const bytes = new Uint8Array([1, 2]);
  const first = Secret.take(bytes);
  const second = first.share();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  assert.throws(() => first.share(), /^TypeError: this Secret was wiped/);
  assert.throws(() => first.keep(() => ({ [Symbol.dispose]: () => {} })), TypeError);
  assert.deepEqual(
    second.expose((lent) => [...lent]),
    [1, 2],
  );
  second[Symbol.dispose]();
  assert.deepEqual(bytes, new Uint8Array(2));
});

test('what is kept is made once, shared by all holders, outlives the one that was asked, and goes with the bytes', () => {
  const made: { secret: Secret; disposed: boolean }[] = [];
  const make = (secret: Secret) => {
    const kept = {
      secret,
      disposed: false,
      [Symbol.dispose]() {
        secret[Symbol.dispose]();
        kept.disposed = true;
      },
    };
    made.push(kept);
    return kept;
  };
  const first = Secret.take(new Uint8Array([1, 2]));
  const second = first.share();
  const kept = first.keep(make);
  assert.equal(kept, second.keep(make));
  assert.notEqual(
    kept,
    first.keep((secret) => make(secret)),
  );
  first[Symbol.dispose]();
  assert.ok(!kept.disposed);
  assert.deepEqual(
    kept.secret.expose((bytes) => [...bytes]),
    [1, 2],
  );
  second[Symbol.dispose]();
  assert.equal(made.length, 2);
  assert.ok(made.every(({ disposed }) => disposed));
  assert.throws(() => kept.secret.expose(() => 0), /^TypeError: this Secret was wiped/);
});
