import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import dukpt from '../../../../vectors/openemv_dukpt.json' with { type: 'json' };
import {
  AesDukptRegisters,
  deriveAesCurrentKey,
  deriveTdesCurrentKey,
  encodeHex,
  formatAesKsn,
  formatTdesKsn,
  parseAesKsn,
  parseTdesKsn,
  randomBytes,
  Secret,
  TdesDukptRegisters,
  type TransactionKey,
} from '../../src/index.ts';

type Registers = TdesDukptRegisters | AesDukptRegisters;

interface Scheme {
  title: string;
  load: (initialKey: Secret, ksn: string) => Registers;
  resume: (initialKey: Secret, ksn: string) => Registers;
  restore: (state: Secret) => Registers;
  currentKey: (initialKey: Secret, ksn: string) => Secret;
  initialKey: Secret;
  /** A KSN with a counter that must not matter. */
  ksn: string;
  ksnOf: (counter: number) => string;
  counterOf: (ksn: string) => number;
  counterBits: number;
  mostOneBits: number;
}

const { dukpt_tdes_test: tdesSuite, dukpt_aes128_test: aes128, dukpt_aes256_test: aes256 } = dukpt.suites;

function aesScheme(title: string, initialKey: Secret): Scheme {
  const { initialKeyId } = parseAesKsn(aes128.constants.ikid);
  return {
    title,
    load: AesDukptRegisters.load,
    resume: AesDukptRegisters.resume,
    restore: AesDukptRegisters.restore,
    currentKey: deriveAesCurrentKey,
    initialKey,
    ksn: `${aes128.constants.ikid}00000007`,
    ksnOf: (counter) => formatAesKsn({ initialKeyId, counter }),
    counterOf: (ksn) => parseAesKsn(ksn).counter,
    counterBits: 32,
    mostOneBits: 16,
  };
}

const tdes: Scheme = {
  title: 'TDES',
  load: TdesDukptRegisters.load,
  resume: TdesDukptRegisters.resume,
  restore: TdesDukptRegisters.restore,
  currentKey: deriveTdesCurrentKey,
  initialKey: Secret.fromHex(tdesSuite.constants.ik_verify),
  ksn: 'FFFF9876543210E00007',
  ksnOf: (counter) => formatTdesKsn({ ...parseTdesKsn('FFFF9876543210E00000'), counter }),
  counterOf: (ksn) => parseTdesKsn(ksn).counter,
  counterBits: 21,
  mostOneBits: 10,
};
const schemes = [
  tdes,
  aesScheme('AES-128', Secret.fromHex(aes128.constants.ik_verify)),
  aesScheme('AES-192', Secret.take(randomBytes(24))),
  aesScheme('AES-256', Secret.fromHex(aes256.constants.ik_verify)),
];

const ones = (counter: number) => [...counter.toString(2)].filter((digit) => digit === '1').length;
const take = (registers: Registers, count: number) =>
  Array.from({ length: count }, () => registers.nextKey());
const same = (left: TransactionKey, right: TransactionKey) =>
  left.ksn === right.ksn && left.currentKey.equals(right.currentKey);

/** The counter at bytes 11 to 14 of an exported state, and the register of each of its one-bits, set by hand. */
function jumpTo(scheme: Scheme, counter: number): Registers {
  using registers = scheme.load(scheme.initialKey, scheme.ksn);
  using state = registers.export();
  state.expose((bytes) => {
    new DataView(bytes.buffer).setUint32(11, counter);
    for (let bit = 0; bit < scheme.counterBits; bit++) {
      // What a terminal at this counter holds: the counter down to the bit, with the bit set.
      const above = Math.floor(counter / 2 ** (bit + 1)) * 2 ** (bit + 1);
      const at = 15 + bit * scheme.initialKey.length;
      using key = scheme.currentKey(scheme.initialKey, scheme.ksnOf(above + 2 ** bit));
      key.expose((keyBytes) => bytes.set(keyBytes, at));
    }
  });
  return scheme.restore(state);
}

test('X9.24-1:2009, A.4.2, and X9.24-3:2017: published transaction keys one after the other', () => {
  for (const [scheme, vectors] of [
    [tdes, tdesSuite.vectors.slice(0, 21)],
    [schemes[1]!, aes128.vectors.slice(0, 8)],
    [schemes[3]!, aes256.vectors.slice(0, 8)],
  ] as const) {
    using registers = scheme.load(scheme.initialKey, scheme.ksn);
    for (const { ksn, expected } of vectors) {
      const next = registers.nextKey();
      assert.equal(next.ksn, ksn);
      assert.equal(next.currentKey.expose(encodeHex), expected.txn_key);
    }
  }
});

test('X9.24-1:2009, A.4.3: the published carry', () => {
  const vectors = tdesSuite.vectors.slice(21);
  assert.equal(vectors[0]!.ksn, 'FFFF9876543210EFF800');
  using registers = jumpTo(tdes, 0xff800);
  for (const { ksn, expected } of vectors) {
    const next = registers.nextKey();
    assert.equal(next.ksn, ksn);
    assert.equal(next.currentKey.expose(encodeHex), expected.txn_key);
  }
});

for (const scheme of schemes) {
  test(`${scheme.title}: 3,000 transactions with crashes give the keys that the host derives, none twice`, () => {
    let registers = scheme.load(scheme.initialKey, scheme.ksn);
    let counter = 0;
    for (let i = 0; i < 3000; i++) {
      const next = registers.nextKey();
      do counter++;
      while (ones(counter) > scheme.mostOneBits);
      assert.equal(next.ksn, scheme.ksnOf(counter));
      if (i % 16 === 0) assert.ok(next.currentKey.equals(scheme.currentKey(scheme.initialKey, next.ksn)));
      if (i % 7 === 0) {
        using stored = registers.export();
        registers[Symbol.dispose]();
        registers = scheme.restore(stored);
      }
    }
  });

  test(`${scheme.title}: from any counter on`, () => {
    const counters = fc
      .integer({ min: 1, max: 2 ** scheme.counterBits - 1 })
      .filter((counter) => ones(counter) <= scheme.mostOneBits);
    fc.assert(
      fc.property(counters, (start) => {
        using registers = jumpTo(scheme, start);
        let counter = start;
        for (let i = 0; i < 20 && !registers.exhausted; i++) {
          const { ksn, currentKey } = registers.nextKey();
          assert.equal(scheme.counterOf(ksn), counter);
          assert.ok(currentKey.equals(scheme.currentKey(scheme.initialKey, ksn)));
          do counter++;
          while (ones(counter) > scheme.mostOneBits);
        }
      }),
      { numRuns: 12 },
    );
  });

  test(`${scheme.title}: stops after the last counter, also when restored`, () => {
    const last = (2 ** scheme.mostOneBits - 1) * 2 ** (scheme.counterBits - scheme.mostOneBits);
    using registers = jumpTo(scheme, last);
    assert.equal(registers.exhausted, false);
    assert.equal(scheme.counterOf(registers.nextKey().ksn), last);
    using restored = scheme.restore(registers.export());
    for (const stopped of [registers, restored]) {
      assert.equal(stopped.exhausted, true);
      assert.throws(() => stopped.nextKey(), { name: 'DukptError', code: 'COUNTER_EXHAUSTED' });
    }
  });

  test(`${scheme.title}: a crash before the state is stored repeats no key that was used, after it skips one`, () => {
    using registers = scheme.load(scheme.initialKey, scheme.ksn);
    take(registers, 10);
    using before = registers.export();
    const unused = registers.nextKey();
    using after = registers.export();
    assert.ok(same(scheme.restore(before).nextKey(), unused));
    assert.equal(scheme.counterOf(scheme.restore(after).nextKey().ksn), scheme.counterOf(unused.ksn) + 1);
  });

  test(`${scheme.title}: the state holds neither the initial key nor any key given out`, () => {
    using registers = scheme.load(scheme.initialKey, scheme.ksn);
    const used = take(registers, 40).map(({ currentKey }) => currentKey.expose(encodeHex));
    const state = registers.export().expose(encodeHex);
    for (const key of [scheme.initialKey.expose(encodeHex), ...used]) assert.ok(!state.includes(key));
    // A register of each of the counter's bits that lie ahead does.
    const ahead = scheme.currentKey(scheme.initialKey, scheme.ksnOf(64)).expose(encodeHex);
    assert.ok(state.includes(ahead));
  });

  test(`${scheme.title}: refuses states that it did not write, and empty registers`, () => {
    using registers = scheme.load(scheme.initialKey, scheme.ksn);
    const refused = { name: 'DukptError', code: 'STATE_INVALID' };
    for (const change of [
      (bytes: Uint8Array) => bytes.subarray(0, -1),
      (bytes: Uint8Array) => bytes.subarray(0, 1),
      (bytes: Uint8Array) => bytes.subarray(0, 0),
      (bytes: Uint8Array) => bytes.with(0, 2),
      (bytes: Uint8Array) => bytes.with(1, 0x42),
      (bytes: Uint8Array) => bytes.with(2, 8),
    ]) {
      const state = Secret.copyOf(registers.export().expose(change));
      assert.throws(() => scheme.restore(state), refused);
    }
    const erased = Secret.copyOf(
      registers.export().expose((bytes) => bytes.map((byte, i) => (i < 15 ? byte : 0))),
    );
    assert.throws(() => scheme.restore(erased).nextKey(), refused);
  });
}

test('a state is of one scheme, and its counter of the scheme’s bits', () => {
  const refused = { name: 'DukptError', code: 'STATE_INVALID' };
  const tdesState = tdes.load(tdes.initialKey, tdes.ksn).export();
  const aesState = schemes[1]!.load(schemes[1]!.initialKey, schemes[1]!.ksn).export();
  assert.throws(() => AesDukptRegisters.restore(tdesState), refused);
  assert.throws(() => TdesDukptRegisters.restore(aesState), refused);
  const wide = Secret.copyOf(tdesState.expose((bytes) => bytes.with(12, 0x20)));
  assert.throws(() => TdesDukptRegisters.restore(wide), refused);
});

test('load refuses keys and KSNs that do not fit, and prints nothing of the registers', () => {
  const long = Secret.take(randomBytes(24));
  assert.throws(() => TdesDukptRegisters.load(long, tdes.ksn), { code: 'KEY_LENGTH' });
  assert.throws(() => TdesDukptRegisters.load(tdes.initialKey, '00'), { code: 'KSN_INVALID' });
  using registers = tdes.load(tdes.initialKey, tdes.ksn);
  assert.equal(JSON.stringify(registers), '{}');
});

for (const scheme of schemes) {
  const { title, load, resume, initialKey, ksnOf, counterBits, mostOneBits, currentKey, counterOf } = scheme;

  test(`${title}: resuming after any of the first counters is the same as walking there`, () => {
    using walked = load(initialKey, ksnOf(0));
    for (let counter = 0; counter < 300; counter++) {
      if (counter > 0) walked.nextKey();
      using resumed = resume(initialKey, ksnOf(counter));
      using expected = walked.export();
      using got = resumed.export();
      assert.ok(got.equals(expected), `after counter ${counter}`);
    }
  });

  test(`${title}: resuming after any counter, the next transactions are the host's`, () => {
    const counters = fc.integer({ min: 0, max: Math.floor(2 ** counterBits * 0.9) });
    fc.assert(
      fc.property(counters, (counter) => {
        using registers = resume(initialKey, ksnOf(counter));
        const next = take(registers, 12);
        let before = counter;
        for (const { ksn, currentKey: key } of next) {
          const reached = counterOf(ksn);
          assert.ok(reached > before && ones(reached) <= mostOneBits);
          // Nothing that a terminal may use was left out.
          for (let skipped = before + 1; skipped < Math.min(reached, before + 50); skipped++) {
            assert.ok(ones(skipped) > mostOneBits, `${skipped} was skipped`);
          }
          assert.ok(key.equals(currentKey(initialKey, ksn)));
          before = reached;
        }
      }),
      { numRuns: 30 },
    );
  });

  test(`${title}: resuming after the last counter leaves nothing`, () => {
    using registers = resume(initialKey, ksnOf(2 ** counterBits - 1));
    assert.ok(registers.exhausted);
    assert.throws(() => registers.nextKey(), { code: 'COUNTER_EXHAUSTED' });
  });
}
