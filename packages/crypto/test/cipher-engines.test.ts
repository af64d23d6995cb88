import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BlockCipherName,
  type CipherEngineName,
  cipherOf,
  type DukptKeyType,
  type DukptUsage,
  deriveDukptKey,
  deriveTerminalKey,
  expandKey,
  type OwnCipher,
  parseHeader,
  randomBytes,
  Secret,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '../src/index.ts';
import { testEngines, withEngine } from './engines.ts';

/** Longer than the fast engine takes at a time, and what is around it. */
const LONG = [10_000, 10_216, 10_224, 10_232, 10_240, 20_448, 30_000];

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const length = fc.oneof(
  { weight: 40, arbitrary: fc.nat(150) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);
const anyData = length.map((count) => randomBytes(count));
const keys: Record<BlockCipherName, fc.Arbitrary<Uint8Array>> = {
  AES: fc.constantFrom(16, 24, 32).chain(bytes),
  TDES: fc.constantFrom(8, 16, 24).chain(bytes),
};

/** What an operation gives, or how it refuses. */
function outcome<T>(operation: () => T): T | string {
  try {
    return operation();
  } catch (error) {
    return String(error);
  }
}

function under<T>(
  engine: CipherEngineName,
  cipher: BlockCipherName,
  key: Uint8Array,
  use: (cipher: OwnCipher) => T,
): T {
  return withEngine(engine, () => {
    using secret = Secret.copyOf(key);
    using expanded = expandKey(cipher, secret);
    return use(expanded);
  });
}

const OPERATIONS: Record<string, (cipher: OwnCipher, iv: Uint8Array, data: Uint8Array) => Uint8Array> = {
  encryptEcb: (cipher, _, data) => cipher.encryptEcb(data),
  decryptEcb: (cipher, _, data) => cipher.decryptEcb(data),
  encryptCbc: (cipher, iv, data) => cipher.encryptCbc(iv, data),
  decryptCbc: (cipher, iv, data) => cipher.decryptCbc(iv, data),
  ctr: (cipher, iv, data) => cipher.ctr(iv, data),
  cbcMac: (cipher, _, data) => cipher.cbcMac(data),
  cmac: (cipher, _, data) => cipher.cmac(data),
  retailMac: (cipher, _, data) => cipher.retailMac(data),
};

for (const cipher of ['AES', 'TDES'] as const) {
  const iv = bytes(cipher === 'AES' ? 16 : 8);
  const wholeBlocks = fc.tuple(anyData, fc.boolean()).map(([data, cut]) => {
    return cut ? data : data.subarray(0, data.length - (data.length % 16));
  });
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    test(`${cipher} ${name}: the engines agree, on every key length, and on what they refuse`, () => {
      fc.assert(
        fc.property(keys[cipher], iv, wholeBlocks, (key, chain, data) => {
          const run = (engine: CipherEngineName) =>
            outcome(() => under(engine, cipher, key, (expanded) => operation(expanded, chain, data)));
          assert.deepEqual(run('fast'), run('openssl'));
        }),
        { numRuns: 150 },
      );
    });
  }
}

testEngines('an IV of a wrong length and a disposed cipher are refused in the same words', () => {
  using key = Secret.take(randomBytes(16));
  const aes = expandKey('AES', key);
  const block = new Uint8Array(16);
  for (const operation of ['encryptCbc', 'decryptCbc', 'ctr'] as const) {
    assert.throws(() => aes[operation](new Uint8Array(8), block), /^RangeError: IV must be 16 bytes, got 8$/);
  }
  assert.throws(
    () => aes.cbcMac(new Uint8Array()),
    /^RangeError: data must be at least one block, got none$/,
  );
  aes[Symbol.dispose]();
  aes[Symbol.dispose]();
  for (const operation of [() => aes.encryptEcb(block), () => aes.cmac(block), () => aes.ctr(block, block)]) {
    assert.throws(operation, /^TypeError: this cipher was disposed of and can no longer be used$/);
  }
});

testEngines('a CTR counter carries from the lower half into the upper, and over the end', () => {
  using key = Secret.take(randomBytes(16));
  using aes = expandKey('AES', key);
  const zeros = new Uint8Array(48);
  for (const ones of [8, 16]) {
    const counter = new Uint8Array(16).fill(0xff, 16 - ones);
    const next = new Uint8Array(16);
    if (ones === 8) next[7] = 1;
    assert.deepEqual(aes.ctr(counter, zeros).subarray(16, 32), aes.encryptEcb(next));
  }
});

test('more expanded keys than the fast engine has room for: each still gives what it should', () => {
  withEngine('fast', () => {
    const secrets = Array.from({ length: 2500 }, () => Secret.take(randomBytes(16)));
    const zeros = new Uint8Array(16);
    const before = secrets.map((secret) => cipherOf('AES', secret).encryptEcb(zeros));
    const again = secrets.map((secret) => cipherOf('AES', secret).encryptEcb(zeros));
    assert.deepEqual(again, before);
    for (const [i, secret] of secrets.entries()) {
      if (i % 100 > 0) continue;
      const reference = secret.expose((key) => under('openssl', 'AES', key, (aes) => aes.encryptEcb(zeros)));
      assert.deepEqual(before[i], reference);
    }
    for (const secret of secrets) secret[Symbol.dispose]();
  });
});

test('a cipher that is kept with a Secret goes with it', () => {
  using key = Secret.take(randomBytes(16));
  using other = key.share();
  const cipher = cipherOf('AES', key);
  assert.equal(cipherOf('AES', other), cipher);
  key[Symbol.dispose]();
  cipher.encryptEcb(new Uint8Array(16));
  other[Symbol.dispose]();
  assert.throws(() => cipher.encryptEcb(new Uint8Array(16)), TypeError);
});

const HEADERS = ['A', 'B', 'C', 'D', 'E'].map((version) => parseHeader(`${version}0000P0TE00E0000`));

for (const header of HEADERS) {
  const lengths = 'DE'.includes(header.version) ? [16, 24, 32] : [16, 24];
  test(`key blocks of version ${header.version}: either engine opens what the other sealed`, () => {
    const label = fc.nat(300).map((count) => 'x'.repeat(count));
    fc.assert(
      fc.property(fc.constantFrom(...lengths).chain(bytes), bytes(16), label, (kbpk, key, data) => {
        using clear = Secret.copyOf(key);
        const optionalBlocks = data === '' ? [] : [{ id: 'LB', data }];
        const filler = (count: number) => new Uint8Array(count).fill(7);
        const wrap = () =>
          wrapKeyBlock({
            ...{ kbpk: Secret.copyOf(kbpk), header, key: clear, optionalBlocks },
            ...{ profile: 'tolerant', random: filler },
          });
        const block = withEngine('fast', wrap);
        assert.equal(block, withEngine('openssl', wrap));
        const wrong = block.slice(0, -1) + (block.endsWith('0') ? '1' : '0');
        for (const engine of ['fast', 'openssl'] as const) {
          withEngine(engine, () => {
            assert.ok(unwrapKeyBlock({ kbpk: Secret.copyOf(kbpk), block }).key.equals(clear));
            const open = () => unwrapKeyBlock({ kbpk: Secret.copyOf(kbpk), block: wrong });
            assert.throws(open, { code: 'KEY_BLOCK_VERIFICATION_FAILED' });
          });
        }
      }),
      { numRuns: 40 },
    );
  });
}

const USAGES = ['pin', 'mac-request', 'mac-response', 'data-request', 'data-response', 'data-both'] as const;
const KEY_TYPES = ['TDES_2KEY', 'TDES_3KEY', 'AES_128', 'AES_192', 'AES_256'] as const;
const hex = (length: number) => bytes(length).map((data) => Buffer.from(data).toString('hex'));

const DERIVATIONS = {
  TDES: {
    ksn: hex(10),
    key: bytes(16),
    keyType: fc.constantFrom<DukptKeyType | undefined>(undefined, 'TDES_2KEY', 'AES_128'),
  },
  AES: {
    ksn: hex(12),
    key: keys.AES,
    keyType: fc.constantFrom<DukptKeyType | undefined>(undefined, ...KEY_TYPES),
  },
} as const;

for (const [scheme, { ksn, key, keyType }] of Object.entries(DERIVATIONS)) {
  test(`${scheme} DUKPT: the engines agree, from the BDK and from the initial key`, () => {
    const usage = fc.constantFrom<DukptUsage | 'initial'>('initial', ...USAGES);
    fc.assert(
      fc.property(ksn, key, keyType, usage, (serial, clear, type, use) => {
        const derivation = {
          scheme: scheme as 'TDES' | 'AES',
          ksn: serial,
          ...(type === undefined ? {} : { keyType: type }),
        };
        const derive = (engine: CipherEngineName) =>
          withEngine(engine, () => {
            using secret = Secret.copyOf(clear);
            const fromBdk = outcome(() => deriveDukptKey({ ...derivation, bdk: secret, usage: use }));
            if (use === 'initial') return [fromBdk];
            return [
              fromBdk,
              outcome(() => deriveTerminalKey({ ...derivation, initialKey: secret, usage: use })),
            ];
          });
        const show = (result: Secret | string) =>
          typeof result === 'string'
            ? result
            : result.expose((derived) => Buffer.from(derived).toString('hex'));
        assert.deepEqual(derive('fast').map(show), derive('openssl').map(show));
      }),
      { numRuns: 200 },
    );
  });
}

testEngines('what one operation leaves behind does not get into the next', () => {
  using aesKey = Secret.take(new Uint8Array(16).fill(1));
  using tdesKey = Secret.take(new Uint8Array(24).map((_, i) => i));
  using key = Secret.take(new Uint8Array(16).fill(2));
  const [aes, tdes] = [cipherOf('AES', aesKey), cipherOf('TDES', tdesKey)];
  const message = new Uint8Array(21).fill(3);
  const macs = () => [aes.cmac(message), tdes.cmac(message), aes.cbcMac(new Uint8Array(16))];
  const before = macs();
  const others = [
    () => tdes.encryptCbc(new Uint8Array(8).fill(4), new Uint8Array(40)),
    () => aes.ctr(new Uint8Array(16).fill(5), new Uint8Array(33)),
    () => tdes.retailMac(new Uint8Array(48).fill(6)),
    () => wrapKeyBlock({ kbpk: aesKey, key, header: parseHeader('E0000P0AE00E0000') }),
    () => deriveDukptKey({ scheme: 'TDES', bdk: key, ksn: 'FFFF9876543210EFFC00', usage: 'data-request' }),
  ];
  for (const other of others) {
    other();
    assert.deepEqual(macs(), before);
  }
});
