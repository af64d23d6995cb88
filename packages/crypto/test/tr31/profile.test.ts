// What the standard's profile refuses and the tolerant one reads with a warning.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type OptionalBlock,
  parseHeader,
  parseKeyBlock,
  Secret,
  unwrapKeyBlock,
  type WarningCode,
  wrapKeyBlock,
} from '../../src/index.ts';
import { codeOf, toHex } from './vectors.ts';

const secret = (length: number, first = 1) =>
  Secret.copyOf(Uint8Array.from({ length }, (_, i) => first + 7 * i));

interface Example {
  header: string;
  kbpk?: number;
  key?: number;
  optionalBlocks?: OptionalBlock[];
}

function wrap({ header, kbpk = 32, key = 16, optionalBlocks = [] }: Example, profile?: 'tolerant'): string {
  const options = { kbpk: secret(kbpk), header: parseHeader(header), key: secret(key, 5), optionalBlocks };
  return wrapKeyBlock(profile === undefined ? options : { ...options, profile });
}

/** Refused when written and when read to the letter; read tolerantly with one warning. */
const RELAXED: [string, Example, WarningCode][] = [
  ['M3 for encryption', { header: 'D0000M3TE00E0000' }, 'MODE_OF_USE'],
  ['mode N of a KEK', { header: 'D0000K0AN00E0000' }, 'MODE_OF_USE'],
  ['mode X of a CVK', { header: 'D0000C0TX00E0000' }, 'MODE_OF_USE'],
  ['an unknown mode', { header: 'D000001AZ00E0000' }, 'MODE_OF_USE'],
  ['an AES key for retail MAC', { header: 'D0000M3AC00E0000' }, 'ALGORITHM'],
  ['an RSA key for PINs', { header: 'D0000P0RE00E0000' }, 'ALGORITHM'],
  ['a TDES key for HMAC', { header: 'D0000M7TC00E0000' }, 'ALGORITHM'],
  ['an unknown usage', { header: 'D0000Q7AE00E0000' }, 'KEY_USAGE'],
  ['an unknown exportability', { header: 'D0000P0AE00X0000' }, 'EXPORTABILITY'],
  ['an unknown key context', { header: 'D0000P0AE00E0030' }, 'KEY_CONTEXT'],
  ['a reserved field in use', { header: 'D0000P0AE00E0001' }, 'RESERVED'],
  [
    'KS beside AES',
    { header: 'D0000B1AX00N0000', optionalBlocks: [{ id: 'KS', data: 'FFFF9876543210E00000' }] },
    'OPTIONAL_BLOCK',
  ],
  [
    'IK beside TDES',
    { header: 'D0000B1TX00N0000', optionalBlocks: [{ id: 'IK', data: '1234567890123456' }] },
    'OPTIONAL_BLOCK',
  ],
  [
    'printable KS, as the German industry committee has it',
    { header: 'B0000K0TB00N0000', kbpk: 16, optionalBlocks: [{ id: 'KS', data: '10DE#GBIC#OPT1' }] },
    'OPTIONAL_BLOCK_DATA',
  ],
  ['AES-256 under AES-128', { header: 'D0000K0AB00E0000', kbpk: 16, key: 32 }, 'KBPK_TOO_WEAK'],
  ['AES-128 in version B', { header: 'B0000K0AB00E0000', kbpk: 24 }, 'KBPK_TOO_WEAK'],
];

describe('departures from the standard', () => {
  for (const [name, example, code] of RELAXED) {
    it(`${name}: ${code}`, () => {
      assert.equal(
        codeOf(() => wrap(example)),
        code,
      );
      const block = wrap(example, 'tolerant');
      const kbpk = secret(example.kbpk ?? 32);
      assert.equal(
        codeOf(() => unwrapKeyBlock({ kbpk, block, profile: 'x9.143' })),
        code,
      );
      const { warnings, key } = unwrapKeyBlock({ kbpk, block });
      assert.deepEqual(
        warnings.map((warning) => warning.code),
        [code],
      );
      assert.equal(toHex(key), toHex(secret(example.key ?? 16, 5)));
    });
  }

  for (const version of ['A', 'C']) {
    it(`version ${version} is read, not written`, () => {
      const example = { header: `${version}0000K0TB00E0000`, kbpk: 16 };
      assert.equal(
        codeOf(() => wrap(example)),
        'VERSION',
      );
      const block = wrap(example, 'tolerant');
      for (const profile of ['x9.143', 'tolerant'] as const) {
        const { warnings } = unwrapKeyBlock({ kbpk: secret(16), block, profile });
        assert.deepEqual(
          warnings.map(({ code }) => code),
          ['DEPRECATED_VERSION'],
        );
      }
    });
  }

  it('proprietary usages of two digits go with any algorithm and mode', () => {
    const block = wrap({ header: 'D000021AB00E0000' });
    assert.deepEqual(unwrapKeyBlock({ kbpk: secret(32), block, profile: 'x9.143' }).warnings, []);
  });

  it('single DES is written as D, and as T only tolerantly', () => {
    assert.equal(wrap({ header: 'B0000D0DB00E0000', kbpk: 16, key: 8 }).length, 96);
    assert.equal(
      codeOf(() => wrap({ header: 'B0000D0TB00E0000', kbpk: 16, key: 8 })),
      'KEY_LENGTH',
    );
    assert.equal(wrap({ header: 'B0000D0TB00E0000', kbpk: 16, key: 8 }, 'tolerant').length, 96);
  });

  it('lower-case hexadecimal is read tolerantly', () => {
    const block = wrap({ header: 'D0000K0AB00E0000' });
    const lower = block.slice(0, 16) + block.slice(16).toLowerCase();
    const { key, warnings } = unwrapKeyBlock({ kbpk: secret(32), block: lower });
    assert.equal(toHex(key), toHex(secret(16, 5)));
    assert.deepEqual([...new Set(warnings.map(({ code }) => code))], ['LOWER_CASE']);
    assert.equal(
      codeOf(() => parseKeyBlock(lower, { profile: 'x9.143' })),
      'LOWER_CASE',
    );
  });

  for (const letter of ['R', 'S']) {
    it(`the scheme letter ${letter} of a payShield is taken off`, () => {
      const block = `${letter}${wrap({ header: 'D0000K0AB00E0000' })}`;
      const { warnings } = unwrapKeyBlock({ kbpk: secret(32), block });
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['SCHEME_LETTER'],
      );
      assert.equal(
        codeOf(() => parseKeyBlock(block, { profile: 'x9.143' })),
        'SCHEME_LETTER',
      );
    });
  }

  it('a Thales key block is called one', () => {
    for (const block of ['S10096K0TB00E0002', '10096K0AB00E0002', 'S00072P0TE00N0100', '00072P0TE00N0100']) {
      for (const profile of ['x9.143', 'tolerant'] as const) {
        assert.equal(
          codeOf(() => parseKeyBlock(block, { profile })),
          'THALES_KEY_BLOCK',
        );
      }
    }
    assert.equal(
      codeOf(() => parseHeader('10096K0AB00E0000')),
      'THALES_KEY_BLOCK',
    );
  });
});

describe('strength of the key block protection key', () => {
  // Algorithm, length of the key, and the versions and lengths of KBPK that are strong enough.
  const TDES_KBPKS = ['B16', 'B24'];
  const AES_KBPKS = ['D16', 'D24', 'D32'];
  const ENOUGH: [string, number, string[]][] = [
    ['T', 16, [...TDES_KBPKS, ...AES_KBPKS]],
    ['T', 24, ['B24', ...AES_KBPKS]],
    ['A', 16, AES_KBPKS],
    ['A', 24, ['D24', 'D32']],
    ['A', 32, ['D32']],
  ];

  for (const [algorithm, key, enough] of ENOUGH) {
    for (const protection of [...TDES_KBPKS, ...AES_KBPKS]) {
      const version = protection[0];
      const kbpk = Number(protection.slice(1));
      const strong = enough.includes(protection);
      it(`${algorithm} of ${key} bytes under ${version} with ${kbpk} bytes is ${strong ? 'wrapped' : 'refused'}`, () => {
        const run = () => wrap({ header: `${version}0000D0${algorithm}B00E0000`, kbpk, key });
        if (strong) assert.ok(run().startsWith(version!));
        else assert.equal(codeOf(run), 'KBPK_TOO_WEAK');
      });
    }
  }
});

describe('version and key block protection key', () => {
  const MISFITS: [string, number, string, RegExp][] = [
    ['B', 32, 'VERSION_NOT_FOR_KBPK', /KBPK is 32 bytes, so the version must be D or E; this block says B/],
    ['A', 32, 'VERSION_NOT_FOR_KBPK', /must be D or E; this block says A/],
    ['D', 8, 'KBPK_LENGTH', /version D needs an AES KBPK of 16, 24 or 32 bytes, got 8/],
    ['E', 20, 'KBPK_LENGTH', /version E needs an AES KBPK of 16, 24 or 32 bytes, got 20/],
    ['B', 8, 'KBPK_LENGTH', /version B needs a TDES KBPK of 16 or 24 bytes, got 8/],
    ['C', 0, 'KBPK_LENGTH', /got 0/],
  ];

  for (const [version, kbpk, code, message] of MISFITS) {
    it(`${version} does not go with ${kbpk} bytes`, () => {
      const run = () => wrap({ header: `${version}0000K0TB00E0000`, kbpk }, 'tolerant');
      assert.equal(codeOf(run), code);
      assert.throws(run, message);
    });
  }
});

describe('what no profile writes', () => {
  const HEADER = 'D0000K0AB00E0000';
  const blocks = (...ids: string[]) => ids.map((id) => ({ id, data: '0123' }));
  const REFUSED: [string, Example, string][] = [
    [
      'two optional blocks of one id',
      { header: HEADER, optionalBlocks: blocks('LB', 'LB') },
      'REPEATED_OPTIONAL_BLOCK',
    ],
    ['an id that is no id', { header: HEADER, optionalBlocks: blocks('L-') }, 'OPTIONAL_BLOCK'],
    [
      'padding before another block',
      { header: HEADER, optionalBlocks: blocks('PB', 'LB') },
      'OPTIONAL_BLOCK',
    ],
    [
      'data that are not printable',
      { header: HEADER, optionalBlocks: [{ id: 'LB', data: 'é' }] },
      'OPTIONAL_BLOCK_DATA',
    ],
    ['an AES key of 17 bytes', { header: HEADER, key: 17 }, 'KEY_LENGTH'],
    ['an empty key', { header: 'D0000M7HC00E0000', key: 0 }, 'KEY_LENGTH'],
    ['a block longer than 9999 characters', { header: 'D0000S0RS00E0000', key: 5000 }, 'KEY_BLOCK_TOO_LONG'],
    ['a key longer than its length field', { header: 'D0000S0RS00E0000', key: 9000 }, 'KEY_BLOCK_TOO_LONG'],
    [
      'a hundred optional blocks',
      {
        header: HEADER,
        optionalBlocks: blocks(
          ...Array.from({ length: 100 }, (_, i) => `${'abcdefghij'[Math.floor(i / 10)]}${i % 10}`),
        ),
      },
      'OPTIONAL_BLOCK_COUNT',
    ],
  ];

  for (const [name, example, code] of REFUSED) {
    it(`${name}: ${code}`, () =>
      assert.equal(
        codeOf(() => wrap(example, 'tolerant')),
        code,
      ));
  }

  it('a mask that is no length', () => {
    for (const maskKeyLength of [-1, 1.5, Number.NaN]) {
      const options = { kbpk: secret(32), header: parseHeader(HEADER), key: secret(16), maskKeyLength };
      assert.throws(() => wrapKeyBlock(options), RangeError);
    }
  });
});
