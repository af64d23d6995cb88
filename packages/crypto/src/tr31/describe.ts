import { ALGORITHMS } from './algorithm.ts';
import { describeKeyVersion, EXPORTABILITY, KEY_CONTEXTS, MODES_OF_USE } from './attributes.ts';
import { describeOptionalBlock } from './describe-optional-block.ts';
import { HEADER_FIELDS, type HeaderFieldName, type KeyBlockHeader, readField } from './header.ts';
import { KEY_USAGES, nameKeyUsage } from './key-usage.ts';
import { nameOptionalBlock } from './optional-block-data.ts';
import { readKeyBlock } from './parse.ts';
import { payloadLength } from './payload.ts';
import type { Warning } from './profile.ts';
import { isKeyBlockVersion, KEY_BLOCK_VERSIONS } from './version.ts';

/** A key block in plain words. */
export interface KeyBlockDescription {
  fields: { name: string; value: string; meaning: string; section: string }[];
  optionalBlocks: { id: string; name: string; data: string; meaning: string }[];
  /** What is not as the standard has it, or deserves a second look. */
  unusual: Warning[];
}

/** What the value of each field means; `undefined` where the standard does not say. */
const MEANINGS: Record<HeaderFieldName, (value: string) => string | undefined> = {
  version: (value) => (isKeyBlockVersion(value) ? KEY_BLOCK_VERSIONS[value].name : undefined),
  blockLength: (value) => `${Number(value)} characters`,
  keyUsage: nameKeyUsage,
  algorithm: (value) => ALGORITHMS[value]?.name,
  modeOfUse: (value) => MODES_OF_USE[value],
  keyVersion: describeKeyVersion,
  exportability: (value) => EXPORTABILITY[value],
  optionalBlockCount: (value) => `${Number(value)} optional block${value === '01' ? '' : 's'}`,
  keyContext: (value) => KEY_CONTEXTS[value],
  reserved: (value) => (value === '0' ? 'not used' : undefined),
};

/** Keys that live in a terminal and have no reason to leave it again. */
const TERMINAL_KEYS = ['B1', 'P0'];

/** What both profiles let pass and is unusual all the same, as far as it shows without a key. */
function* findUnusual({
  keyUsage,
  algorithm,
  modeOfUse,
  exportability,
  version,
}: KeyBlockHeader): Iterable<Warning> {
  if (modeOfUse === 'N' && KEY_USAGES[keyUsage]?.modes.includes('N')) {
    yield {
      code: 'MODE_N',
      message: 'mode of use N: nothing but the key usage restricts what the key may do',
    };
  }
  if (TERMINAL_KEYS.includes(keyUsage) && exportability === 'E') {
    const message = `a key of usage ${keyUsage} that goes to a terminal is marked exportable; N keeps it there`;
    yield { code: 'EXPORTABLE_TERMINAL_KEY', message };
  }
  if (algorithm === 'A' && KEY_BLOCK_VERSIONS[version].cipher === 'TDES') {
    const message = `version ${version} protects the AES key with TDES, which is weaker; version D uses AES`;
    yield { code: 'AES_KEY_UNDER_TDES', message };
  }
}

/** A payload too short for the longest key of the algorithm tells something of the key's length (section 6.1). */
/** @param sealed bytes of the encrypted payload and the MAC */
function* findShownLength({ algorithm, version }: KeyBlockHeader, sealed: number): Iterable<Warning> {
  const { maskedLength, name } = ALGORITHMS[algorithm] ?? {};
  if (maskedLength === undefined) return;
  const { payloadUnit, macLength } = KEY_BLOCK_VERSIONS[version];
  const length = sealed - macLength;
  if (length >= payloadLength(maskedLength, algorithm, false, payloadUnit)) return;
  const message =
    `the encrypted key has ${length} bytes, too few for a ${name} key of ${maskedLength} bytes, ` +
    'so that the length of the key shows; X9.143 hides it, TR-31 does not ask for that';
  yield { code: 'KEY_LENGTH_SHOWN', message };
}

/**
 * Says in plain words what a key block is, as far as it shows without a key; nothing of it is verified.
 *
 * @throws KeyBlockError when the block can't be read even tolerantly
 */
export function describeKeyBlock(block: string): KeyBlockDescription {
  const { contents, text, headerLength } = readKeyBlock(block, 'tolerant');
  const { header, optionalBlocks, warnings } = contents;
  const names = Object.keys(HEADER_FIELDS) as HeaderFieldName[];
  return {
    fields: names.map((field) => {
      const { name, section } = HEADER_FIELDS[field];
      const value = readField(text, field);
      return { name, value, meaning: MEANINGS[field](value) ?? 'unknown', section };
    }),
    optionalBlocks: optionalBlocks.map(({ id, data }) => {
      return { id, name: nameOptionalBlock(id), data, meaning: describeOptionalBlock({ id, data }) };
    }),
    unusual: [
      ...warnings,
      ...findUnusual(header),
      ...findShownLength(header, (text.length - headerLength) / 2),
    ],
  };
}
