import { KeyBlockError, type KeyBlockErrorCode } from './error.ts';
import { thalesKeyBlock } from './foreign.ts';
import { isKeyBlockVersion, type KeyBlockVersion } from './version.ts';

/** The header of a key block without its length and its number of optional blocks (ANSI X9.143:2021, 6.2, table 1). */
export interface KeyBlockHeader {
  version: KeyBlockVersion;
  keyUsage: string;
  algorithm: string;
  modeOfUse: string;
  keyVersion: string;
  exportability: string;
  keyContext: string;
  reserved: string;
}

export const HEADER_LENGTH = 16;
export const MAX_KEY_BLOCK_LENGTH = 9999;
export const MAX_OPTIONAL_BLOCKS = 99;

interface HeaderField {
  readonly name: string;
  /** Position of the first character, counted from 0. */
  readonly start: number;
  readonly length: number;
  readonly section: string;
  readonly code: KeyBlockErrorCode;
}

/** Where each field stands. Order and positions are those of the header. */
export const HEADER_FIELDS = {
  version: { name: 'key block version', start: 0, length: 1, section: '6.2, table 1', code: 'VERSION' },
  blockLength: {
    name: 'key block length',
    start: 1,
    length: 4,
    section: '6.2, table 1',
    code: 'LENGTH_FIELD',
  },
  keyUsage: { name: 'key usage', start: 5, length: 2, section: '6.3.1, table 2', code: 'KEY_USAGE' },
  algorithm: { name: 'algorithm', start: 7, length: 1, section: '6.3.2, table 3', code: 'ALGORITHM' },
  modeOfUse: { name: 'mode of use', start: 8, length: 1, section: '6.3.3, table 4', code: 'MODE_OF_USE' },
  keyVersion: {
    name: 'key version number',
    start: 9,
    length: 2,
    section: '6.3.4, table 5',
    code: 'KEY_VERSION',
  },
  exportability: {
    name: 'exportability',
    start: 11,
    length: 1,
    section: '6.3.5, table 6',
    code: 'EXPORTABILITY',
  },
  optionalBlockCount: {
    name: 'number of optional blocks',
    start: 12,
    length: 2,
    section: '6.2, table 1',
    code: 'OPTIONAL_BLOCK_COUNT',
  },
  keyContext: { name: 'key context', start: 14, length: 1, section: '6.2, table 1', code: 'KEY_CONTEXT' },
  reserved: { name: 'reserved field', start: 15, length: 1, section: '6.2, table 1', code: 'RESERVED' },
} as const satisfies Record<string, HeaderField>;

export type HeaderFieldName = keyof typeof HEADER_FIELDS;

/** The fields that a `KeyBlockHeader` holds. */
const HELD_FIELDS = [
  'version',
  'keyUsage',
  'algorithm',
  'modeOfUse',
  'keyVersion',
  'exportability',
  'keyContext',
  'reserved',
] as const satisfies (keyof KeyBlockHeader)[];

/** The characters of one field. */
export function readField(header: string, field: HeaderFieldName): string {
  const { start, length } = HEADER_FIELDS[field];
  return header.slice(start, start + length);
}

/** What a message says about a field: its name and where it stands. */
export function nameField(field: HeaderFieldName): string {
  const { name, start } = HEADER_FIELDS[field];
  return `${name} (position ${start})`;
}

const ALPHANUMERIC = /^[0-9A-Za-z]+$/;

function assertFieldFormat(field: keyof KeyBlockHeader, value: string): void {
  const { code, length } = HEADER_FIELDS[field];
  if (typeof value === 'string' && value.length === length && ALPHANUMERIC.test(value)) return;
  throw new KeyBlockError(
    code,
    `${nameField(field)} must be ${length} letter${length > 1 ? 's' : ''} or digit${length > 1 ? 's' : ''}`,
  );
}

/** A header in which every field has its form; the fields one by one only to say which has not. */
const WELL_FORMED = /^[A-E][0-9A-Za-z]{15}$/;

/** @throws KeyBlockError with the code of the first field that is malformed */
export function assertHeader(header: KeyBlockHeader): void {
  for (const field of HELD_FIELDS) assertFieldFormat(field, header[field]);
  const { version } = header;
  if (isKeyBlockVersion(version)) return;
  throw (
    thalesKeyBlock(version) ?? new KeyBlockError('VERSION', `${nameField('version')} must be A, B, C, D or E`)
  );
}

/**
 * Reads the 16 characters of a header; its length and its number of optional blocks are passed over.
 *
 * Which values go together is for the profile to say, when a block is read or written.
 *
 * @throws KeyBlockError `HEADER_LENGTH`, `VERSION`, `THALES_KEY_BLOCK` or the code of the field that is not alphanumeric
 */
export function parseHeader(text: string): KeyBlockHeader {
  if (text.length !== HEADER_LENGTH) {
    throw new KeyBlockError(
      'HEADER_LENGTH',
      `a header must be ${HEADER_LENGTH} characters, got ${text.length}`,
    );
  }
  const header = {
    version: readField(text, 'version'),
    keyUsage: readField(text, 'keyUsage'),
    algorithm: readField(text, 'algorithm'),
    modeOfUse: readField(text, 'modeOfUse'),
    keyVersion: readField(text, 'keyVersion'),
    exportability: readField(text, 'exportability'),
    keyContext: readField(text, 'keyContext'),
    reserved: readField(text, 'reserved'),
  } as KeyBlockHeader;
  if (!WELL_FORMED.test(text)) assertHeader(header);
  return header;
}

/**
 * Writes a header.
 *
 * @param length characters of the whole block, at most 9999
 * @param optionalBlockCount at most 99, a padding block included
 * @throws KeyBlockError `KEY_BLOCK_TOO_LONG`, `OPTIONAL_BLOCK_COUNT` or the code of a field that is malformed
 */
export function formatHeader(header: KeyBlockHeader, length: number, optionalBlockCount: number): string {
  assertHeader(header);
  if (length > MAX_KEY_BLOCK_LENGTH) {
    const message = `a key block has at most ${MAX_KEY_BLOCK_LENGTH} characters, this one would have ${length}`;
    throw new KeyBlockError('KEY_BLOCK_TOO_LONG', message);
  }
  if (optionalBlockCount > MAX_OPTIONAL_BLOCKS) {
    const message = `a key block has at most ${MAX_OPTIONAL_BLOCKS} optional blocks, this one would have ${optionalBlockCount}`;
    throw new KeyBlockError('OPTIONAL_BLOCK_COUNT', message);
  }
  const { version, keyUsage, algorithm, modeOfUse, keyVersion, exportability, keyContext, reserved } = header;
  const count = String(optionalBlockCount).padStart(2, '0');
  const attributes = `${keyUsage}${algorithm}${modeOfUse}${keyVersion}${exportability}${count}${keyContext}${reserved}`;
  return `${version}${String(length).padStart(4, '0')}${attributes}`;
}
