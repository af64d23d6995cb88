import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHeader } from '@keywright/crypto';
import type {
  KeyAlgorithm,
  KeyBlockHeaders,
  KeyExportability,
  KeyUsage,
} from '../../src/api/control-plane.generated.ts';
import { exportHeader, exportModes } from '../../src/policy/export-header.ts';
import { usageCode } from '../../src/policy/key-block-codes.ts';
import { type ModeLetter, modesOfLetter } from '../../src/policy/modes-of-use.ts';
import { refusal } from './refusal.ts';

interface Case {
  usage?: KeyUsage;
  algorithm?: KeyAlgorithm;
  mode?: ModeLetter;
  exportability?: KeyExportability;
  wrapping?: KeyAlgorithm;
}

function headerOf(headers?: KeyBlockHeaders, of: Case = {}) {
  const { usage = 'TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', algorithm = 'AES_128', mode = 'B' } = of;
  const modes = exportModes({
    KeyUsage: usage,
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: algorithm,
    KeyModesOfUse: modesOfLetter(mode),
  });
  const exportability = of.exportability ?? 'EXPORTABLE';
  const exported = { usage: usageCode(usage), algorithm, ...modes, exportability };
  const { header, optionalBlocks } = exportHeader(exported, of.wrapping ?? 'AES_256', headers);
  return { text: formatHeader(header, 144, optionalBlocks.length), optionalBlocks };
}

test('without headers, the key goes out as it is', () => {
  const K0 = { usage: 'TR31_K0_KEY_ENCRYPTION_KEY', algorithm: 'AES_256' } as const;
  assert.equal(headerOf(undefined, K0).text, 'D0144K0AB00E0000');
  const K1 = { usage: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', algorithm: 'TDES_2KEY' } as const;
  assert.equal(headerOf(undefined, K1).text, 'D0144K1TB00E0000');
  const B0 = { usage: 'TR31_B0_BASE_DERIVATION_KEY', mode: 'X' } as const;
  assert.equal(headerOf(undefined, B0).text, 'D0144B0AX00E0000');
  const C0 = { usage: 'TR31_C0_CARD_VERIFICATION_KEY', algorithm: 'TDES_2KEY', mode: 'C' } as const;
  assert.equal(headerOf(undefined, C0).text, 'D0144C0TC00E0000');
  assert.equal(headerOf(undefined, { ...C0, exportability: 'SENSITIVE' }).text, 'D0144C0TC00S0000');
});

test('the version is D under AES and B under TDES', () => {
  for (const wrapping of ['AES_128', 'AES_192', 'AES_256'] as const) {
    assert.equal(headerOf(undefined, { wrapping }).text[0], 'D');
  }
  for (const wrapping of ['TDES_2KEY', 'TDES_3KEY'] as const) {
    assert.equal(headerOf(undefined, { wrapping }).text[0], 'B');
  }
});

/** Every mode of use, and the ones that it may be narrowed to. */
const NARROWER: [KeyUsage, ModeLetter, string][] = [
  ['TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'B', 'BDE'],
  ['TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'E', 'E'],
  ['TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'D', 'D'],
  ['TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY', 'N', 'BDEN'],
  ['TR31_C0_CARD_VERIFICATION_KEY', 'C', 'CGV'],
  ['TR31_C0_CARD_VERIFICATION_KEY', 'G', 'G'],
  ['TR31_C0_CARD_VERIFICATION_KEY', 'V', 'V'],
  ['TR31_C0_CARD_VERIFICATION_KEY', 'N', 'CGNV'],
  ['TR31_B0_BASE_DERIVATION_KEY', 'X', 'X'],
  ['TR31_B0_BASE_DERIVATION_KEY', 'N', 'NX'],
];

test('modes of use may be narrowed and nothing else', () => {
  for (const [usage, mode, allowed] of NARROWER) {
    for (const letter of ['B', 'C', 'D', 'E', 'G', 'N', 'S', 'V', 'X'] as const) {
      const act = () => headerOf({ KeyModesOfUse: modesOfLetter(letter) }, { usage, mode });
      if (allowed.includes(letter)) assert.equal(act().text[8], letter);
      else
        assert.match(
          refusal(act),
          /^KeyBlockHeaders\.KeyModesOfUse .* is not more restrictive than the key's /,
        );
    }
  }
  assert.equal(
    refusal(() => headerOf({ KeyModesOfUse: { Generate: true } })),
    "KeyBlockHeaders.KeyModesOfUse {Generate} is not more restrictive than the key's {Encrypt, Decrypt, Wrap, Unwrap}: use {Encrypt, Decrypt, Wrap, Unwrap}, {Encrypt, Wrap} or {Decrypt, Unwrap}.",
  );
  assert.match(
    refusal(() => headerOf({ KeyModesOfUse: { Encrypt: true } })),
    /^KeyBlockHeaders\.KeyModesOfUse \{Encrypt\} is not/,
  );
});

test('exportability may become more restrictive, never less', () => {
  const order = ['EXPORTABLE', 'SENSITIVE', 'NON_EXPORTABLE'] as const;
  for (const [i, exportability] of order.entries()) {
    for (const [j, KeyExportability] of order.entries()) {
      const act = () => headerOf({ KeyExportability }, { exportability });
      if (j >= i) assert.equal(act().text[11], 'ESN'[j]);
      else
        assert.match(
          refusal(act),
          /^KeyBlockHeaders\.KeyExportability \w+ is less restrictive than the key's /,
        );
    }
  }
  assert.equal(
    refusal(() => headerOf({ KeyExportability: 'EXPORTABLE' }, { exportability: 'SENSITIVE' })),
    "KeyBlockHeaders.KeyExportability EXPORTABLE is less restrictive than the key's SENSITIVE: use SENSITIVE or NON_EXPORTABLE.",
  );
});

test('the key version goes into the header', () => {
  assert.equal(headerOf({ KeyVersion: 'A7' }).text, 'D0144D0ABA7E0000');
});

test('optional blocks go along, up to 112 characters with their ids and lengths', () => {
  const { text, optionalBlocks } = headerOf({ OptionalBlocks: { LB: 'x'.repeat(108) } });
  assert.equal(text.slice(12, 14), '01');
  assert.deepEqual(optionalBlocks, [{ id: 'LB', data: 'x'.repeat(108) }]);
  headerOf({ OptionalBlocks: { LB: 'x'.repeat(52), IK: 'y'.repeat(52) } });
  assert.equal(
    refusal(() => headerOf({ OptionalBlocks: { LB: 'x'.repeat(52), IK: 'y'.repeat(53) } })),
    'KeyBlockHeaders.OptionalBlocks has 113 characters, counting 4 of each for its id and length: use at most 112.',
  );
});

test('optional blocks that the service writes are refused', () => {
  assert.equal(
    refusal(() => headerOf({ OptionalBlocks: { PB: '0000' } })),
    'KeyBlockHeaders.OptionalBlocks must not have PB: the service pads the header itself; leave it out.',
  );
  assert.equal(
    refusal(() => headerOf({ OptionalBlocks: { HM: '21' } })),
    'KeyBlockHeaders.OptionalBlocks must not have HM: the service writes the hash of an HMAC key itself; leave it out.',
  );
});

test('an HMAC key goes out with its hash', () => {
  for (const [bits, code] of [
    ['224', '20'],
    ['256', '21'],
    ['384', '22'],
    ['512', '23'],
  ] as const) {
    const of = { usage: 'TR31_M7_HMAC_KEY', algorithm: `HMAC_SHA${bits}`, mode: 'C' } as const;
    const { text, optionalBlocks } = headerOf({ OptionalBlocks: { LB: 'x' } }, of);
    assert.equal(text, 'D0144M7HC00E0200');
    assert.deepEqual(optionalBlocks, [
      { id: 'HM', data: code },
      { id: 'LB', data: 'x' },
    ]);
  }
});
