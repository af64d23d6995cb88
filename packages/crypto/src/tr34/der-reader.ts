import { Tr34Error } from './error.ts';

/** Longest input in bytes: a token with certificates and a long revocation list stays far below. */
const MAX_LENGTH = 65536;

/** Deepest nesting: a certificate inside a rebind token reaches 14. */
const MAX_DEPTH = 24;

const CONSTRUCTED = 0x20;
const HIGH_TAG_NUMBER = 0x1f;

/** One element (X.690, section 8.1): tag, length and content. */
export interface DerElement {
  readonly tag: number;
  /** Where the element begins, counted in bytes from the start of the input. */
  readonly position: number;
  /** Tag, length and content as they stand in the input. */
  readonly encoded: Uint8Array;
  readonly content: Uint8Array;
  /** The elements inside a constructed one; none inside a primitive one. */
  readonly children: readonly DerElement[];
}

function malformed(position: number, why: string): Tr34Error {
  return new Tr34Error('DER', `malformed DER at position ${position}: ${why}`);
}

interface Header {
  readonly tag: number;
  readonly contentStart: number;
  readonly end: number;
}

/** The length octets in the one form that DER allows (X.690, sections 8.1.3 and 10.1). */
function readLength(bytes: Uint8Array, at: number, base: number): { length: number; contentStart: number } {
  const first = bytes[at];
  if (first === undefined) throw malformed(base + at, 'the length is missing');
  if (first < 0x80) return { length: first, contentStart: at + 1 };
  if (first === 0x80) throw malformed(base + at, 'an indefinite length is BER, not DER');
  const octets = bytes.subarray(at + 1, at + 1 + (first & 0x7f));
  if (octets.length < (first & 0x7f)) throw malformed(base + at, 'the length is cut off');
  if (octets[0] === 0) throw malformed(base + at, 'the length has a leading zero');
  if (octets.length > 3) throw malformed(base + at, `a length of ${octets.length} bytes is too long`);
  const length = octets.reduce((value, octet) => value * 256 + octet, 0);
  if (length < 0x80) throw malformed(base + at, 'a length below 128 must be written in one byte');
  return { length, contentStart: at + 1 + octets.length };
}

function readHeader(bytes: Uint8Array, at: number, limit: number, base: number): Header {
  const tag = bytes[at]!;
  if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER)
    throw malformed(base + at, 'tag numbers above 30 have no use here');
  const { length, contentStart } = readLength(bytes.subarray(0, limit), at + 1, base);
  const end = contentStart + length;
  if (end > limit) {
    throw malformed(
      base + at,
      `the element has ${length} bytes of content, but only ${limit - contentStart} are left`,
    );
  }
  return { tag, contentStart, end };
}

function readElements(
  bytes: Uint8Array,
  start: number,
  limit: number,
  base: number,
  depth: number,
): DerElement[] {
  if (depth > MAX_DEPTH) throw malformed(base + start, `more than ${MAX_DEPTH} elements inside one another`);
  const elements: DerElement[] = [];
  for (let at = start; at < limit; ) {
    const { tag, contentStart, end } = readHeader(bytes, at, limit, base);
    elements.push({
      tag,
      position: base + at,
      encoded: bytes.subarray(at, end),
      content: bytes.subarray(contentStart, end),
      children: tag & CONSTRUCTED ? readElements(bytes, contentStart, end, base, depth + 1) : [],
    });
    at = end;
  }
  return elements;
}

/**
 * Reads a row of elements in DER (X.690): definite lengths in their shortest form, tag numbers up to 30, at most 65,536 bytes
 * and 24 levels. What is inside primitive elements is not read.
 *
 * @param base position of the first byte for the messages, when the bytes come from inside another input
 * @throws Tr34Error `DER`, with the position
 */
export function readDerElements(bytes: Uint8Array, base = 0): DerElement[] {
  if (bytes.length > MAX_LENGTH)
    throw malformed(base, `at most ${MAX_LENGTH} bytes are read, got ${bytes.length}`);
  return readElements(bytes, 0, bytes.length, base, 1);
}

/**
 * Reads one element in DER, with nothing after it.
 *
 * @throws Tr34Error `DER`, with the position
 */
export function readDer(bytes: Uint8Array, base = 0): DerElement {
  const [element, second] = readDerElements(bytes, base);
  if (element === undefined) throw malformed(base, 'there is no element');
  if (second !== undefined) {
    throw malformed(second.position, `${base + bytes.length - second.position} bytes after the end`);
  }
  return element;
}
