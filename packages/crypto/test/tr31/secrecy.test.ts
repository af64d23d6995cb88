// No error, warning or description holds a key or a key block protection key in any form.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import {
  describeKeyBlock,
  KEY_BLOCK_ERROR_CODES,
  KeyBlockError,
  parseHeader,
  parseKeyBlock,
  Secret,
  unwrapKeyBlock,
  type WrapOptions,
  wrapKeyBlock,
} from '../../src/index.ts';

const CANARIES = { kbpk: 'C0FFEE11D15EA5E22BADF00D33FEED5A', key: 'DEC0DE44BEEFCAFE55FACADE66B0BAC7' };

/** Every way in which the bytes could show, and halves of them. */
const SHAPES = Object.values(CANARIES).flatMap((hex) => {
  const bytes = Buffer.from(hex, 'hex');
  const numbers = [...bytes].slice(0, 6);
  const digits = [hex.slice(0, 16), hex.slice(16), hex.match(/../g)!.slice(0, 6).join(' ')];
  return [
    ...digits,
    ...digits.map((text) => text.toLowerCase()),
    numbers.join(','),
    numbers.join(', '),
    bytes.toString('base64').slice(0, 12),
    bytes.toString('latin1'),
  ];
});

function assertSilent(printout: string): void {
  // Arrays are printed in columns.
  const text = printout.replace(/\s+/g, ' ');
  for (const shape of SHAPES) assert.ok(!text.includes(shape), `a key shows in: ${text.slice(0, 80)}`);
}

function printed(value: unknown): string {
  const error = value instanceof Error ? `${value.message}\n${value.stack}\n${Object.values(value)}` : '';
  return `${error}\n${inspect(value, { depth: 9, showHidden: true })}\n${JSON.stringify(value)}\n${value}`;
}

const kbpk = Secret.fromHex(CANARIES.kbpk);
const key = Secret.fromHex(CANARIES.key);
const GOOD: WrapOptions = { kbpk, key, header: parseHeader('D0000K0AB00E0000') };

/** Every option wrong on its own. */
const WRONG: Partial<WrapOptions>[] = [
  { header: parseHeader('B0000K0AB00E0000') },
  { header: parseHeader('A0000K0TB00E0000') },
  { header: parseHeader('D0000K0TV00E0000') },
  { header: parseHeader('D0000Q0TV00E0000') },
  { header: parseHeader('D0000K0AB00X0000') },
  { header: parseHeader('D0000D0DB00E0000') },
  { header: { ...GOOD.header, keyUsage: CANARIES.key } },
  { header: { ...GOOD.header, exportability: CANARIES.kbpk } },
  { kbpk: Secret.fromHex(CANARIES.kbpk.slice(0, 20)) },
  { key: Secret.fromHex(CANARIES.key.slice(0, 20)) },
  { key: Secret.fromHex(CANARIES.key.repeat(2)) },
  { key: Secret.fromHex(CANARIES.key.repeat(400)), header: parseHeader('D0000S0RS00E0000') },
  { optionalBlocks: [{ id: 'KS', data: CANARIES.key }] },
  { optionalBlocks: [{ id: CANARIES.key, data: '' }] },
  { optionalBlocks: [{ id: 'LB', data: `${CANARIES.key}\u0000` }] },
  { maskKeyLength: -1 },
  { random: () => new Uint8Array(1) },
];

describe('no key shows', () => {
  it('in what wrapping throws', () => {
    for (const wrong of WRONG) {
      assert.throws(
        () => wrapKeyBlock({ ...GOOD, ...wrong }),
        (error) => {
          assertSilent(printed(error));
          return true;
        },
      );
    }
  });

  it('in what unwrapping throws or returns, whatever is changed', () => {
    const block = wrapKeyBlock(GOOD);
    assertSilent(printed(unwrapKeyBlock({ kbpk, block })));
    assertSilent(printed(parseKeyBlock(block)));
    assertSilent(printed(describeKeyBlock(block)));
    let thrown = 0;
    for (let i = 0; i < block.length; i += 1) {
      for (const character of ['0', 'F', 'z', '\u0000']) {
        if (block[i] === character) continue;
        try {
          unwrapKeyBlock({ kbpk, block: block.slice(0, i) + character + block.slice(i + 1) });
        } catch (error) {
          assert.ok(error instanceof KeyBlockError);
          assertSilent(printed(error));
          thrown += 1;
        }
      }
    }
    assert.ok(thrown > 3 * block.length);
  });

  it('when clear text is passed off as a block', () => {
    for (const block of [
      CANARIES.key,
      `D0048K0AB00E0000${CANARIES.key}`,
      `B0056K0AB00E0100KS24${CANARIES.key}0000`,
    ]) {
      for (const run of [parseKeyBlock, describeKeyBlock]) {
        try {
          run(block);
        } catch (error) {
          assertSilent(printed(error));
        }
      }
    }
  });

  it('and this test would see one', () => {
    assert.throws(() => assertSilent(printed(new Error(`wrong key ${CANARIES.key.toLowerCase()}`))));
    for (const bytes of [
      Buffer.from(CANARIES.key, 'hex'),
      new Uint8Array(Buffer.from(CANARIES.kbpk, 'hex')),
    ]) {
      assert.throws(() => assertSilent(inspect(bytes)));
      assert.throws(() => assertSilent(JSON.stringify(Array.from(bytes))));
    }
  });
});

describe('error codes', () => {
  it('have a meaning each', () => {
    for (const [code, meaning] of Object.entries(KEY_BLOCK_ERROR_CODES)) {
      assert.match(code, /^[A-Z_]+$/);
      assert.ok(meaning.length > 10);
    }
  });
});
