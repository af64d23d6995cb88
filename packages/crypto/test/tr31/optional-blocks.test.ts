// Optional blocks: what their data say, and how they are framed (ANSI X9.143:2021, section 6.3.6).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DecodedOptionalBlock, decodeOptionalBlock } from '../../src/index.ts';
import { formatOptionalBlock, readOptionalBlocks } from '../../src/tr31/optional-block.ts';
import { padOptionalBlocks, totalLength } from '../../src/tr31/padding-block.ts';
import { codeOf, type KeyBlockVector, loadVectors } from './vectors.ts';

const DECODED: [string, string, DecodedOptionalBlock][] = [
  ['AL', '0100', { kind: 'AL', keyLife: 'ephemeral' }],
  ['AL', '0101', { kind: 'AL', keyLife: 'static' }],
  ['BI', '00FFFF987654', { kind: 'BI', dukpt: 'TDES', identifier: 'FFFF987654' }],
  ['BI', '0112345678', { kind: 'BI', dukpt: 'AES', identifier: '12345678' }],
  ['CT', '00MIIC', { kind: 'CT', certificates: [{ format: 'X.509', data: 'MIIC' }] }],
  [
    'CT',
    '02000004MIIC010004AAAA',
    {
      kind: 'CT',
      certificates: [
        { format: 'X.509', data: 'MIIC' },
        { format: 'EMV', data: 'AAAA' },
      ],
    },
  ],
  [
    'DA',
    '01P0TENM3TGN',
    {
      kind: 'DA',
      derivations: [
        { keyUsage: 'P0', algorithm: 'T', modeOfUse: 'E', exportability: 'N' },
        { keyUsage: 'M3', algorithm: 'T', modeOfUse: 'G', exportability: 'N' },
      ],
    },
  ],
  ['HM', '21', { kind: 'HM', hash: 'SHA-256' }],
  ['IK', '1234567890123456', { kind: 'IK', initialKeyId: '1234567890123456' }],
  ['KC', '000169E3', { kind: 'KC', method: 'legacy', kcv: '0169E3' }],
  ['KP', '012331550BC9', { kind: 'KP', method: 'CMAC', kcv: '2331550BC9' }],
  ['PK', '00ABCD', { kind: 'PK', method: 'legacy', kcv: 'ABCD' }],
  ['KS', 'FFFF00A0200001E00000', { kind: 'KS', initialKsn: 'FFFF00A0200001E00000' }],
  ['KV', '0100', { kind: 'KV', version: '01', other: '00' }],
  ['LB', 'a label', { kind: 'LB', label: 'a label' }],
  ['PB', '', { kind: 'PB', padding: '' }],
  ['TC', '2020-08-18T22:12:18.22Z', { kind: 'TC', time: '2020-08-18T22:12:18.22Z' }],
  ['TS', '20200818221218Z', { kind: 'TS', time: '20200818221218Z' }],
  ['WP', '003', { kind: 'WP', pedigree: 'asymmetric and lesser' }],
  ['10', 'IBMC01140123456789ABCDEF', { kind: '10', elements: [{ tag: '01', data: '0123456789ABCDEF' }] }],
  ['02', '08', { kind: 'other', id: '02', data: '08' }],
  ['ZZ', '', { kind: 'other', id: 'ZZ', data: '' }],
];

const MALFORMED: [string, string][] = [
  ['AL', '0102'],
  ['AL', '0001'],
  ['BI', '00FFFF98765'],
  ['BI', '1112345678'],
  ['CT', '00'],
  ['CT', '03MIIC'],
  ['CT', '00M!IC'],
  ['CT', '02000005MIIC'],
  ['CT', '02'],
  ['DA', '01'],
  ['DA', '01P0TE'],
  ['DA', '02P0TEN'],
  ['FL', ''],
  ['HM', '26'],
  ['IK', '123456789012345'],
  ['KC', '00'],
  ['KC', '000169E3FF'],
  ['KC', '000169e3'],
  ['KP', '020169E3'],
  ['KS', 'FFFF00A0200001E0'],
  ['KS', 'VM9A'],
  ['KV', '01'],
  ['LB', ''],
  ['TC', '20201318221218Z'],
  ['TC', '2020-08-18T22:12:18+00'],
  ['TS', '2020081822:12:18.22Z'],
  ['TS', '20200818221218'],
  ['WP', '004'],
  ['WP', '01'],
  ['10', 'IBMX01140123456789ABCDEF'],
  ['10', 'IBMC01150123456789ABCDEF'],
];

describe('data of optional blocks', () => {
  for (const [id, data, decoded] of DECODED) {
    it(`reads ${id} ${data}`, () => assert.deepEqual(decodeOptionalBlock({ id, data }), decoded));
  }
  for (const [id, data] of MALFORMED) {
    it(`refuses ${id} ${data}`, () => {
      assert.equal(
        codeOf(() => decodeOptionalBlock({ id, data })),
        'OPTIONAL_BLOCK_DATA',
      );
    });
  }

  it('reads the certificate chain of X9.143 8.6', () => {
    const vectors: KeyBlockVector[] = loadVectors('libtr31_decrypt').vectors;
    const { optional_blocks } = vectors.find(({ name }) => name.includes('8.6'))!;
    const decoded = decodeOptionalBlock(optional_blocks![0]!);
    assert.ok(decoded.kind === 'CT');
    assert.deepEqual(
      decoded.certificates.map(({ format, data }) => [format, data.length]),
      [
        ['X.509', 752],
        ['X.509', 708],
      ],
    );
  });
});

describe('frames of optional blocks', () => {
  const read = (text: string, count = 1) => {
    const codes: string[] = [];
    return { ...readOptionalBlocks(text, 0, count, (code) => codes.push(code)), codes };
  };
  const long = 'x'.repeat(300);

  it('writes an extended length from 256 characters on, counted in characters', () => {
    assert.equal(formatOptionalBlock({ id: 'LB', data: 'x'.repeat(251) }).slice(0, 5), 'LBFFx');
    assert.equal(formatOptionalBlock({ id: 'LB', data: 'x'.repeat(252) }).slice(0, 11), 'LB00040106x');
  });

  it('reads an extended length counted in characters or in bytes', () => {
    assert.deepEqual(read(`LB00040136${long}`), {
      optionalBlocks: [{ id: 'LB', data: long }],
      end: 310,
      codes: [],
    });
    assert.deepEqual(read(`LB00020136${long}`).codes, ['EXTENDED_LENGTH']);
    assert.deepEqual(read('LB000116aaaaaaaaaaaaaa').optionalBlocks, [{ id: 'LB', data: 'a'.repeat(14) }]);
  });

  it('refuses an extended length that can be read in two ways', () => {
    assert.equal(
      codeOf(() => read(`LB00021004${'x'.repeat(5000)}`)),
      'OPTIONAL_BLOCK',
    );
  });

  it('refuses ids that come twice', () => {
    assert.equal(
      codeOf(() => read('LB05aKC05bLB05c', 3)),
      'REPEATED_OPTIONAL_BLOCK',
    );
  });

  it('reads a length in lower case tolerantly', () => {
    assert.deepEqual(read('LB0aabcdef').codes, ['LOWER_CASE']);
  });
});

describe('padding block', () => {
  const ones = (length: number) => new Uint8Array(length).fill(1);

  it('fills up to whole cipher blocks, with at least its own 4 characters', () => {
    for (const blockLength of [8, 16]) {
      for (let length = 0; length < 40; length += 1) {
        const padded = padOptionalBlocks([{ id: 'LB', data: 'x'.repeat(length) }], blockLength, ones);
        const total = totalLength(padded);
        assert.equal(total % blockLength, 0);
        assert.equal(padded.length, (length + 4) % blockLength === 0 ? 1 : 2);
        assert.ok(total < length + 4 + 4 + blockLength);
      }
    }
  });

  it('stays as it is when it fits, and is made anew when it does not', () => {
    const label = { id: 'LB', data: 'ab' };
    const fitting = [label, { id: 'PB', data: 'wxyzAB' }];
    assert.deepEqual(padOptionalBlocks(fitting, 16, ones), fitting);
    assert.deepEqual(padOptionalBlocks([label, { id: 'PB', data: 'w' }], 16, ones), [
      label,
      { id: 'PB', data: '111111' },
    ]);
    assert.deepEqual(
      padOptionalBlocks(
        [
          { id: 'LB', data: 'abcd' },
          { id: 'PB', data: 'w' },
        ],
        8,
        ones,
      ),
      [{ id: 'LB', data: 'abcd' }],
    );
  });
});
