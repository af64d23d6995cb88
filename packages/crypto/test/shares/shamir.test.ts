import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '../../../../vectors/shamir-gf256.json' with { type: 'json' };
import { combineShares, encodeHex, Secret, type SecretShare, splitSecret } from '../../src/index.ts';
import { invert, multiply } from '../../src/shares/gf256.ts';

const SECRET = '0123456789ABCDEFFEDCBA98765432100123456789ABCDEFFEDCBA9876543210';
const secret = () => Secret.fromHex(SECRET);
const hex = (value: Secret) => value.expose(encodeHex);

/** Every way to take `count` of the items. */
function choose<Item>(items: readonly Item[], count: number): Item[][] {
  if (count === 0) return [[]];
  return items.flatMap((item, i) => choose(items.slice(i + 1), count - 1).map((rest) => [item, ...rest]));
}

test('the field: products and inverses that FIPS 197 and its S-box state', () => {
  assert.equal(multiply(0x57, 0x83), 0xc1);
  assert.equal(multiply(0x57, 0x13), 0xfe);
  assert.equal(invert(0x53), 0xca);
  assert.equal(invert(0), 0);
  for (let element = 1; element < 256; element++) assert.equal(multiply(element, invert(element)), 1);
});

test('shares that another implementation made, every choice of them', () => {
  for (const { secret: expected, threshold, shares } of vectors.cases) {
    for (const some of choose(shares, threshold)) {
      const given = some.map(({ index, value }) => ({ index, value: Secret.fromHex(value) }));
      assert.equal(hex(combineShares(given)), expected);
    }
  }
});

test('the shares of one byte, by hand', () => {
  // f(x) = 42 + A7 x over the field: 42 ^ A7, 42 ^ A7*2, 42 ^ A7*3.
  const shares = splitSecret({
    secret: Secret.fromHex('42'),
    shares: 3,
    threshold: 2,
    random: () => Uint8Array.of(0xa7),
  });
  assert.deepEqual(
    shares.map(({ index, value }) => [index, hex(value)]),
    [
      [1, 'E5'],
      [2, '17'],
      [3, 'B0'],
    ],
  );
});

test('any threshold of the shares, in any order, gives the secret; more of them too', () => {
  const shares = splitSecret({ secret: secret(), shares: 5, threshold: 3 });
  for (const some of choose(shares, 3)) {
    assert.equal(hex(combineShares(some)), SECRET);
    assert.equal(hex(combineShares(some.toReversed())), SECRET);
  }
  assert.equal(hex(combineShares(shares)), SECRET);
});

test('fewer than the threshold give another value', () => {
  const shares = splitSecret({ secret: secret(), shares: 5, threshold: 3 });
  for (const some of choose(shares, 2)) assert.notEqual(hex(combineShares(some)), SECRET);
});

test('with fewer than the threshold every secret is as likely: some further share fits each', () => {
  const [first] = splitSecret({ secret: Secret.fromHex('2A'), shares: 2, threshold: 2 }) as [SecretShare];
  const secrets = new Set(
    Array.from({ length: 256 }, (_, byte) =>
      hex(combineShares([first, { index: 2, value: Secret.take(Uint8Array.of(byte)) }])),
    ),
  );
  assert.equal(secrets.size, 256);
});

test('any secret, any counts', () => {
  const counts = fc
    .integer({ min: 2, max: 20 })
    .chain((threshold) =>
      fc.record({ threshold: fc.constant(threshold), shares: fc.integer({ min: threshold, max: 30 }) }),
    );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), counts, (bytes, { threshold, shares }) => {
      const made = splitSecret({ secret: Secret.copyOf(bytes), shares, threshold });
      assert.equal(hex(combineShares(made.slice(-threshold))), encodeHex(bytes));
    }),
    { numRuns: 200 },
  );
});

test('what cannot be right is refused, without a value in the message', () => {
  const refused = (act: () => unknown, message: RegExp) =>
    assert.throws(act, { name: 'RangeError', message });
  for (const [shares, threshold] of [
    [1, 1],
    [3, 1],
    [2, 3],
    [256, 2],
    [3, 2.5],
    [Number.NaN, 2],
  ] as const) {
    refused(() => splitSecret({ secret: secret(), shares, threshold }), /2 <= |threshold of 2/);
  }
  refused(() => splitSecret({ secret: Secret.fromHex(''), shares: 3, threshold: 2 }), /empty/);
  // What it left out of a coefficient would stand in clear in every share.
  const half = (length: number) => new Uint8Array(length >> 1).fill(7);
  refused(
    () => splitSecret({ secret: secret(), shares: 3, threshold: 2, random: half }),
    /random source gave too few/,
  );
  const [one, two] = splitSecret({ secret: secret(), shares: 2, threshold: 2 }) as [SecretShare, SecretShare];
  refused(() => combineShares([one]), /2 or more/);
  refused(() => combineShares([one, one]), /same index/);
  refused(() => combineShares([one, { ...two, index: 0 }]), /1 to 255/);
  refused(() => combineShares([one, { ...two, index: 256 }]), /1 to 255/);
  refused(() => combineShares([one, { index: 2, value: Secret.fromHex('00') }]), /equally long/);
});
