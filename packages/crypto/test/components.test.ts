import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  adjustOddParity,
  type ComponentAlgorithm,
  type ComponentErrorCode,
  combineComponents,
  encodeHex,
  hasOddParity,
  keyCheckValue,
  randomBytes,
  Secret,
  splitKey,
} from '../src/index.ts';

const A = 'AAAABBBBCCCCDDDD1111222233334444';
const B = '1111222233334444AAAABBBBCCCCDDDD';
const C = 'FFFF0000FFFF00000000FFFF0000FFFF';
const ZERO = '0'.repeat(32);

const combine = (algorithm: ComponentAlgorithm, ...components: string[]) =>
  combineComponents({ algorithm, components: components.map((digits) => Secret.fromHex(digits)) });

function refuses(code: ComponentErrorCode, message: RegExp, act: () => unknown) {
  assert.throws(act, (error: Error & { code?: string }) => {
    assert.equal(error.name, 'ComponentError');
    assert.equal(error.code, code);
    assert.match(error.message, message);
    for (const digits of [A, B, C]) assert.ok(!error.message.includes(digits.slice(0, 8)));
    return true;
  });
}

test('the components that AWS publishes for its TR-34 sample: their sum by hand', () => {
  const combined = combine('AES', A, B, C);
  assert.equal(combined.key.expose(encodeHex), '444499990000999 9BBBB6666FFFF6666'.replace(' ', ''));
  assert.equal(combined.kcv, keyCheckValue('AES', combined.key));
  assert.equal(combined.parityAdjusted, false);
});

test('a TDES key is given odd parity, or kept as it came', () => {
  const components = [A, B, C].map((digits) => Secret.fromHex(digits));
  const adjusted = combineComponents({ algorithm: 'TDES', components });
  const kept = combineComponents({ algorithm: 'TDES', components, keepParity: true });
  assert.equal(adjusted.parityAdjusted, true);
  assert.equal(kept.parityAdjusted, false);
  assert.ok(hasOddParity(adjusted.key));
  assert.ok(!hasOddParity(kept.key));
  assert.equal(adjusted.kcv, kept.kcv);
  assert.ok(adjustOddParity(kept.key).equals(adjusted.key));
  assert.deepEqual(
    adjusted.componentKcvs,
    components.map((component) => keyCheckValue('TDES', component)),
  );
});

const KEY_LENGTHS = { TDES: [16, 24], AES: [16, 24, 32] };

for (const algorithm of ['TDES', 'AES'] as const) {
  test(`${algorithm}: what is split combines, in any order, for every count and length`, () => {
    const lengths = fc.constantFrom(...KEY_LENGTHS[algorithm]);
    fc.assert(
      fc.property(lengths, fc.integer({ min: 2, max: 9 }), (length, count) => {
        using drawn = Secret.take(randomBytes(length));
        using key = algorithm === 'TDES' ? adjustOddParity(drawn) : drawn.clone();
        const split = splitKey({ algorithm, key, count });
        assert.equal(split.components.length, count);
        assert.equal(split.kcv, keyCheckValue(algorithm, key));
        for (const { component, kcv } of split.components) {
          assert.equal(component.length, length);
          assert.equal(kcv, keyCheckValue(algorithm, component));
          if (algorithm === 'TDES') assert.ok(hasOddParity(component));
        }
        const components = split.components.map(({ component }) => component).reverse();
        const combined = combineComponents({ algorithm, components });
        assert.ok(combined.key.equals(key));
        assert.equal(combined.kcv, split.kcv);
        // An even number of odd parities is an even one.
        assert.equal(combined.parityAdjusted, algorithm === 'TDES' && count % 2 === 0);
      }),
      { numRuns: 60 },
    );
  });
}

test('a TDES key without odd parity comes back with it', () => {
  using key = Secret.fromHex('00112233445566778899AABBCCDDEEFF');
  const { components, kcv } = splitKey({ algorithm: 'TDES', key, count: 3 });
  const combined = combineComponents({ algorithm: 'TDES', components: components.map((c) => c.component) });
  assert.ok(combined.key.equals(adjustOddParity(key)));
  assert.equal(combined.kcv, kcv);
});

test('refuses components that hide nothing or do not fit', () => {
  refuses('COMPONENT_COUNT', /2 to 9 components, got 1/, () => combine('AES', A));
  refuses('COMPONENT_COUNT', /got 10/, () => combine('AES', ...Array<string>(10).fill(A)));
  refuses('COMPONENT_COUNT', /got 2.5/, () =>
    splitKey({ algorithm: 'AES', key: Secret.fromHex(A), count: 2.5 }),
  );
  refuses('COMPONENT_LENGTH', /component 1 must be 16 or 24 bytes for TDES, got 8/, () =>
    combine('TDES', A.slice(16), B.slice(16)),
  );
  refuses('COMPONENT_LENGTH', /component 2 must be 16 bytes like component 1, got 24/, () =>
    combine('TDES', A, B + C.slice(16)),
  );
  refuses('COMPONENT_ZERO', /component 2 is all zeros/, () => combine('AES', A, ZERO));
  refuses('COMPONENT_REPEATED', /component 3 is the same as component 1/, () => combine('AES', A, B, A));
});

test('refuses one component that is the key, because the others cancel each other', () => {
  const sum = '55 55 66 66 99 99 66 66 55 55 66 66 99 99 66 66'.replaceAll(' ', '');
  const third = xorHex(B, sum);
  refuses('COMPONENT_IS_KEY', /component 1 is the whole key/, () => combine('AES', A, B, sum, third));
});

function xorHex(left: string, right: string): string {
  return [...left]
    .map((digit, i) => (Number.parseInt(digit, 16) ^ Number.parseInt(right[i]!, 16)).toString(16))
    .join('');
}

test('for TDES, parity bits make no difference between components, nor a key out of nothing', () => {
  const parityOnly = '01'.repeat(16);
  refuses('COMPONENT_ZERO', /component 2/, () => combine('TDES', A, parityOnly));
  refuses('COMPONENT_REPEATED', /component 2/, () => combine('TDES', A, xorHex(A, parityOnly)));
  assert.doesNotThrow(() => combine('AES', A, parityOnly));
});

test('refuses sums that are zero or single DES, told without parity', () => {
  refuses('KEY_ZERO', /all zeros/, () => combine('AES', A, B, xorHex(A, B)));
  const half = '0123456789ABCDEF';
  const other = 'FEDCBA9876543210';
  const weak = [half + half, half + xorHex(half, '01'.repeat(8)), half + half + other, other + half + half];
  for (const sum of weak) {
    const mask = (A + B).slice(0, sum.length);
    refuses('KEY_SINGLE_DES', /single DES/, () => combine('TDES', mask, xorHex(mask, sum)));
    refuses('KEY_SINGLE_DES', /single DES/, () =>
      splitKey({ algorithm: 'TDES', key: Secret.fromHex(sum), count: 2 }),
    );
  }
  // K1 = K3 is two-key TDES.
  assert.doesNotThrow(() =>
    splitKey({ algorithm: 'TDES', key: Secret.fromHex(half + other + half), count: 2 }),
  );
});

test('refuses to split what is no key, and a random source that repeats itself', () => {
  refuses('KEY_LENGTH', /TDES key must be 16 or 24 bytes, got 32/, () =>
    splitKey({ algorithm: 'TDES', key: Secret.fromHex(A + B), count: 2 }),
  );
  refuses('KEY_ZERO', /all zeros/, () => splitKey({ algorithm: 'AES', key: Secret.fromHex(ZERO), count: 2 }));
  const random = (length: number) => new Uint8Array(length).fill(0x5a);
  refuses('COMPONENT_REPEATED', /component 2/, () =>
    splitKey({ algorithm: 'AES', key: Secret.fromHex(A), count: 3, random }),
  );
});
