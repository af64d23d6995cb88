import { KeyBlockError } from './error.ts';
import type { Relax } from './profile.ts';

/** An optional block: two characters of id, and the data as they stand in the block, without id and length. */
export interface OptionalBlock {
  id: string;
  data: string;
}

const ID = /^[0-9A-Za-z]{2}$/;
const PRINTABLE = /^[\x20-\x7E]*$/;
const HEX = /^[0-9A-Fa-f]+$/;

/** Id and length; id, 00, length of the length and length in four digits. */
const SHORT_PREFIX = 4;
const EXTENDED_PREFIX = 10;
const MAX_SHORT_LENGTH = 0xff;

function malformed(position: number, message: string): KeyBlockError {
  return new KeyBlockError('OPTIONAL_BLOCK', `optional block at position ${position}: ${message}`);
}

interface Frame {
  /** Characters before the data. */
  readonly prefix: number;
  /** Characters of the whole optional block. */
  readonly length: number;
}

/** Reads `digits` characters of length after a prefix; `undefined` when that can't be what was meant. */
function frame(text: string, position: number, prefix: number, digits: number): Frame | undefined {
  const field = text.slice(position + prefix - digits, position + prefix);
  if (field.length !== digits || !HEX.test(field)) return undefined;
  const length = Number.parseInt(field, 16);
  return length >= prefix && length <= text.length - position ? { prefix, length } : undefined;
}

/**
 * Reads an extended length: 00, the length of the length, the length (section 6.2, table 1).
 *
 * The standard's examples count the length of the length in characters and write 04; others count bytes and write 02.
 * Where only one reading fits into the block, it is taken.
 */
function extendedFrame(text: string, position: number, relax: Relax): Frame {
  const counter = text.slice(position + 4, position + 6);
  if (!/^[0-9A-Fa-f]{2}$/.test(counter) || counter === '00') {
    throw malformed(position, 'the length of the extended length must be two hexadecimal digits, usually 04');
  }
  const count = Number.parseInt(counter, 16);
  const readings = [count, 2 * count].map((digits) => frame(text, position, 6 + digits, digits));
  const fitting = readings.filter((reading) => reading !== undefined);
  if (fitting.length !== 1) {
    const why = fitting.length === 0 ? 'does not fit into the block' : 'can be read in two ways';
    throw malformed(
      position,
      `the extended length, announced as ${counter}, ${why}; write 04 and four digits`,
    );
  }
  if (counter !== '04') {
    relax(
      'EXTENDED_LENGTH',
      `optional block at position ${position}: the length of the extended length is ${counter}; the standard writes 04`,
    );
  }
  return fitting[0]!;
}

function readFrame(text: string, position: number, relax: Relax): Frame {
  if (text.slice(position + 2, position + 4) === '00') return extendedFrame(text, position, relax);
  const short = frame(text, position, SHORT_PREFIX, 2);
  if (short !== undefined) return short;
  throw malformed(
    position,
    `the length must be two hexadecimal digits from 04 to the ${Math.max(text.length - position, 0)} characters that are left`,
  );
}

/**
 * Reads the optional blocks that follow a header (ANSI X9.143:2021, sections 6.2 and 6.3.6).
 *
 * @param text the key block, header included
 * @param start position of the first optional block
 * @returns the optional blocks and the position after the last one
 * @throws KeyBlockError `OPTIONAL_BLOCK` or `REPEATED_OPTIONAL_BLOCK`, and through `relax` `EXTENDED_LENGTH` or
 * `LOWER_CASE`
 */
export function readOptionalBlocks(
  text: string,
  start: number,
  count: number,
  relax: Relax,
): { optionalBlocks: OptionalBlock[]; end: number } {
  const optionalBlocks: OptionalBlock[] = [];
  let position = start;
  for (let i = 0; i < count; i += 1) {
    const id = text.slice(position, position + 2);
    if (!ID.test(id)) throw malformed(position, 'the id must be two letters or digits');
    const { prefix, length } = readFrame(text, position, relax);
    if (/[a-f]/.test(text.slice(position + 2, position + prefix))) {
      relax(
        'LOWER_CASE',
        `the length of optional block ${id} has lower-case digits; they must be upper case`,
      );
    }
    optionalBlocks.push({ id, data: text.slice(position + prefix, position + length) });
    position += length;
  }
  assertOptionalBlocks(optionalBlocks);
  return { optionalBlocks, end: position };
}

/**
 * Checks what holds for optional blocks whatever they are: the form of the id, printable data, no id twice.
 *
 * @throws KeyBlockError `OPTIONAL_BLOCK`, `OPTIONAL_BLOCK_DATA` or `REPEATED_OPTIONAL_BLOCK`
 */
export function assertOptionalBlocks(optionalBlocks: readonly OptionalBlock[]): void {
  if (optionalBlocks.length === 0) return;
  const seen = new Set<string>();
  for (const { id, data } of optionalBlocks) {
    if (!ID.test(id))
      throw new KeyBlockError('OPTIONAL_BLOCK', 'the id of an optional block must be two letters or digits');
    if (!PRINTABLE.test(data)) {
      throw new KeyBlockError('OPTIONAL_BLOCK_DATA', `optional block ${id} must hold printable ASCII only`);
    }
    if (seen.has(id)) {
      throw new KeyBlockError(
        'REPEATED_OPTIONAL_BLOCK',
        `optional block ${id} must stand in a key block only once`,
      );
    }
    seen.add(id);
  }
}

/** Characters of one optional block, id and length included. */
export function optionalBlockLength({ data }: OptionalBlock): number {
  const short = SHORT_PREFIX + data.length;
  return short <= MAX_SHORT_LENGTH ? short : EXTENDED_PREFIX + data.length;
}

/** Writes one optional block; from 256 characters on with an extended length. */
export function formatOptionalBlock(block: OptionalBlock): string {
  const length = optionalBlockLength(block);
  const hex = length.toString(16).toUpperCase();
  const field = length <= MAX_SHORT_LENGTH ? hex.padStart(2, '0') : `0004${hex.padStart(4, '0')}`;
  return `${block.id}${field}${block.data}`;
}
