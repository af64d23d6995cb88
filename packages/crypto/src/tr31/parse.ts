import { KeyBlockError } from './error.ts';
import { withoutSchemeLetter } from './foreign.ts';
import { HEADER_LENGTH, type KeyBlockHeader, nameField, parseHeader, readField } from './header.ts';
import { type OptionalBlock, readOptionalBlocks } from './optional-block.ts';
import { type Profile, type Relax, relaxation, type Warning } from './profile.ts';
import { checkHeader, checkOptionalBlocks } from './rules.ts';
import { KEY_BLOCK_VERSIONS, type VersionRules } from './version.ts';

/** What can be read of a key block without a key. */
export interface KeyBlockContents {
  header: KeyBlockHeader;
  optionalBlocks: OptionalBlock[];
  /** What is not as the standard has it. */
  warnings: Warning[];
}

/** A key block taken apart, nothing of it verified yet. */
export interface ReadKeyBlock {
  readonly contents: KeyBlockContents;
  /** The key block without a scheme letter. */
  readonly text: string;
  /** Characters of header and optional blocks; the encrypted payload and the MAC follow in hexadecimal. */
  readonly headerLength: number;
}

function assertPrintable(text: string): void {
  const position = text.search(/[^\x20-\x7E]/);
  if (position < 0) return;
  throw new KeyBlockError(
    'CHARACTER',
    `a key block is printable ASCII; the character at position ${position} is not`,
  );
}

function assertLengthField(text: string): void {
  const field = readField(text, 'blockLength');
  const right = String(text.length).padStart(4, '0');
  if (field === right) return;
  throw new KeyBlockError(
    'LENGTH_FIELD',
    `${nameField('blockLength')} says ${field}, but the block has ${text.length} characters: it must be ${right}`,
  );
}

function readCount(text: string): number {
  const field = readField(text, 'optionalBlockCount');
  if (/^[0-9]{2}$/.test(field)) return Number(field);
  throw new KeyBlockError(
    'OPTIONAL_BLOCK_COUNT',
    `${nameField('optionalBlockCount')} must be two digits, got ${field}`,
  );
}

function assertPadded(length: number, { blockLength }: VersionRules): void {
  if (length % blockLength === 0) return;
  throw new KeyBlockError(
    'OPTIONAL_BLOCK_PADDING',
    `the optional blocks together must be a multiple of ${blockLength} characters, they are ${length}; a block PB pads them`,
  );
}

function assertPayloadLength(digits: number, rules: VersionRules): void {
  const unit = 2 * rules.payloadUnit;
  const shortest = rules.payloadUnit === 1 ? 6 : unit;
  if (digits >= shortest && digits % unit === 0) return;
  const right = `at least ${shortest} hexadecimal digits, in steps of ${unit}`;
  throw new KeyBlockError(
    'PAYLOAD',
    `the encrypted key must be ${right}; ${Math.max(digits, 0)} are left for it`,
  );
}

/** Hexadecimal of upper case; of lower case through `relax`. */
function checkHex(text: string, code: 'PAYLOAD' | 'MAC', name: string, position: number, relax: Relax): void {
  const wrong = text.search(/[^0-9A-Fa-f]/);
  if (wrong >= 0) {
    throw new KeyBlockError(
      code,
      `${name} must be hexadecimal; the character at position ${position + wrong} is not`,
    );
  }
  if (/[a-f]/.test(text))
    relax('LOWER_CASE', `${name} has lower-case hexadecimal digits; they must be upper case`);
}

/** The encrypted payload and the MAC. */
function checkSealed(text: string, start: number, rules: VersionRules, relax: Relax): void {
  const macStart = text.length - 2 * rules.macLength;
  checkHex(text.slice(start, macStart), 'PAYLOAD', 'the encrypted key', start, relax);
  checkHex(text.slice(macStart), 'MAC', 'the MAC', macStart, relax);
}

/** A block whose characters raise no question: one look at most blocks, those without optional blocks, is enough. */
const PLAIN = /^[A-E][0-9A-Za-z]{15}[0-9A-F]+$/;

/** Takes a key block apart and checks everything that can be checked without a key. */
export function readKeyBlock(block: string, profile: Profile): ReadKeyBlock {
  const warnings: Warning[] = [];
  const relax = relaxation(profile, warnings);
  const plain = PLAIN.test(block);
  const text = plain ? block : withoutSchemeLetter(block, relax);
  if (!plain) assertPrintable(text);
  const header = parseHeader(text.slice(0, HEADER_LENGTH));
  assertLengthField(text);
  checkHeader(header, relax);
  const rules = KEY_BLOCK_VERSIONS[header.version];
  const { optionalBlocks, end } = readOptionalBlocks(text, HEADER_LENGTH, readCount(text), relax);
  assertPadded(end - HEADER_LENGTH, rules);
  checkOptionalBlocks(header, optionalBlocks, relax);
  assertPayloadLength(text.length - 2 * rules.macLength - end, rules);
  if (!plain) checkSealed(text, end, rules, relax);
  if (rules.deprecated) {
    const message = `version ${header.version} (${rules.name}) is deprecated; ask for version B, or D under an AES key`;
    warnings.push({ code: 'DEPRECATED_VERSION', message });
  }
  return { contents: { header, optionalBlocks, warnings }, text, headerLength: end };
}

/**
 * Reads what a key block (ANSI X9.143:2021, TR-31; ISO 20038) shows without a key: header and optional blocks.
 *
 * Nothing of it is verified until the block is unwrapped.
 *
 * @param options.profile `tolerant` unless given
 * @throws KeyBlockError with the code of the first field that is wrong
 */
export function parseKeyBlock(block: string, options: { profile?: Profile } = {}): KeyBlockContents {
  return readKeyBlock(block, options.profile ?? 'tolerant').contents;
}
