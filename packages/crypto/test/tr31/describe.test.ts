import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  describeKeyBlock,
  formatHeader,
  KEY_BLOCK_VERSIONS,
  KEY_USAGES,
  parseHeader,
  Secret,
  wrapKeyBlock,
} from '../../src/index.ts';
import { codeOf, loadVectors } from './vectors.ts';

describe('a key block in plain words', () => {
  const IPEK =
    'B0120B1TN00E0100KS1809118012400705E00001280DB97F4EABB980D08E6428A8FA0C8EFE41A84001CACA75FBD7852A4813D6AE373B2BEF382F82C7';

  it('names every field with its value, meaning and section', () => {
    const { fields, optionalBlocks, unusual } = describeKeyBlock(IPEK);
    assert.deepEqual(
      fields.map(({ value }) => value),
      ['B', '0120', 'B1', 'T', 'N', '00', 'E', '01', '0', '0'],
    );
    assert.deepEqual(fields[2], {
      name: 'key usage',
      value: 'B1',
      meaning: 'initial DUKPT key',
      section: '6.3.1, table 2',
    });
    assert.ok(fields.every(({ meaning }) => meaning !== 'unknown'));
    assert.equal(optionalBlocks[0]!.name, 'initial key serial number (TDES DUKPT)');
    assert.deepEqual(
      unusual.map(({ code }) => code),
      ['MODE_OF_USE', 'EXPORTABLE_TERMINAL_KEY'],
    );
  });

  const UNUSUAL: [string, string[]][] = [
    [
      'A0072K0TN00N0000F40D5672C6D0EC86F860BA88D44D00F0CA9A8CE8CD2F640287A9A9EB',
      ['MODE_OF_USE', 'DEPRECATED_VERSION', 'KEY_LENGTH_SHOWN'],
    ],
    [
      'B0112B1AX00S0200KS181ED9D5000000BC200000PB08UhKlB34EA8DD29667DDC399295254398F4A5C190AE49898BBC4588DE89E5B2FD5A7E',
      ['OPTIONAL_BLOCK', 'AES_KEY_UNDER_TDES', 'KEY_LENGTH_SHOWN'],
    ],
  ];
  for (const [block, codes] of UNUSUAL) {
    it(`finds what is unusual in ${block.slice(0, 16)}`, () => {
      assert.deepEqual(
        describeKeyBlock(block).unusual.map(({ code }) => code),
        codes,
      );
    });
  }

  it('finds mode N where the standard has it', () => {
    const header = parseHeader('D0000I0AN00N0000');
    const kbpk = Secret.copyOf(new Uint8Array(32));
    const block = wrapKeyBlock({ kbpk, header, key: kbpk });
    assert.deepEqual(
      describeKeyBlock(block).unusual.map(({ code }) => code),
      ['MODE_N'],
    );
  });

  it('takes a scheme letter off and names the unknown', () => {
    const { fields, unusual } = describeKeyBlock(`R${IPEK.replace('B1TN', 'Q7TN')}`);
    assert.deepEqual([fields[0]!.value, fields[2]!.meaning], ['B', 'unknown']);
    assert.deepEqual(
      unusual.map(({ code }) => code),
      ['SCHEME_LETTER', 'KEY_USAGE'],
    );
  });

  it('describes every block of the vectors that can be read', () => {
    for (const { block } of loadVectors('terminal_vectors').tr31)
      assert.equal(describeKeyBlock(block).fields.length, 10);
  });

  it('refuses what it can not read', () => {
    assert.equal(
      codeOf(() => describeKeyBlock('10096K0AB00E0000')),
      'THALES_KEY_BLOCK',
    );
  });
});

describe('the header', () => {
  it('is written as it was read', () => {
    const text = 'B0104B0TX12S0100';
    assert.equal(formatHeader(parseHeader(text), 104, 1), text);
  });

  it('has its length and number of optional blocks passed over', () => {
    assert.deepEqual(parseHeader('DxxxxP0AE00Exx00'), parseHeader('D0112P0AE00E0000'));
  });

  it('takes the component form of a key version', () =>
    assert.equal(parseHeader('D0000K0ABc2E0000').keyVersion, 'c2'));

  const MALFORMED: [string, string][] = [
    ['', 'HEADER_LENGTH'],
    ['D0112P0AE00E00001', 'HEADER_LENGTH'],
    ['F0112P0AE00E0000', 'VERSION'],
    ['D0112P AE00E0000', 'KEY_USAGE'],
    ['D0112P0-E00E0000', 'ALGORITHM'],
    ['D0112P0A*00E0000', 'MODE_OF_USE'],
    ['D0112P0AE0_E0000', 'KEY_VERSION'],
    ['D0112P0AE00é0000', 'EXPORTABILITY'],
    ['D0112P0AE00E00?0', 'KEY_CONTEXT'],
    ['D0112P0AE00E000 ', 'RESERVED'],
  ];
  for (const [text, code] of MALFORMED) {
    it(`${JSON.stringify(text)} is refused: ${code}`, () =>
      assert.equal(
        codeOf(() => parseHeader(text)),
        code,
      ));
  }
});

describe('the tables', () => {
  // ANSI X9.143:2021, 6.3.1, table 2, without the proprietary ones
  const USAGES =
    'B0 B1 B2 B3 C0 D0 D1 D2 D3 E0 E1 E2 E3 E4 E5 E6 E7 I0 K0 K1 K2 K3 K4 M0 M1 M2 M3 M4 M5 M6 M7 M8 P0 P1 S0 S1 S2 V0 V1 V2 V3 V4 V5';

  it('hold every key usage of the standard', () => {
    assert.deepEqual(
      Object.keys(KEY_USAGES).filter((usage) => usage !== '10'),
      USAGES.split(' '),
    );
  });

  it('hold every version', () => assert.equal(Object.keys(KEY_BLOCK_VERSIONS).join(''), 'ABCDE'));
});
