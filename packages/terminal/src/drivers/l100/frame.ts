// ID TECH SmartPIN L100 manual 80141505-001 Rev H, section 8: STX, length (low byte first), body, exclusive or and sum of the
// body, ETX.
import { concat } from '@keywright/crypto';
import { type Damaged, lrcOf } from '../frame-parser.ts';
import { LengthFramedParser, type LengthFraming } from '../length-framed-parser.ts';

const STX = 0x02;
const ETX = 0x03;
const HEADER_LENGTH = 3;
const TRAILER_LENGTH = 3;

/** The field has 16 bits; a body with ten key blocks has under 3,000 bytes. */
export const LONGEST_BODY = 8192;

export interface L100Frame {
  readonly kind: 'frame';
  readonly body: Uint8Array;
}

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}

/** @throws RangeError unless the body has 1 to 8192 bytes */
export function encodeL100Frame(body: Uint8Array): Uint8Array {
  if (body.length < 1 || body.length > LONGEST_BODY) {
    throw new RangeError(`body must be 1 to ${LONGEST_BODY} bytes, got ${body.length}`);
  }
  const header = Uint8Array.of(STX, body.length & 0xff, body.length >> 8);
  return concat(header, body, Uint8Array.of(lrcOf(body), sumOf(body), ETX));
}

const FRAMING: LengthFraming<L100Frame> = {
  start: STX,
  prefixLength: HEADER_LENGTH,
  measure(prefix) {
    const length = prefix[1]! + 256 * prefix[2]!;
    return length < 1 || length > LONGEST_BODY ? undefined : HEADER_LENGTH + length + TRAILER_LENGTH;
  },
  read(bytes) {
    const [lrc, sum, end] = bytes.subarray(-TRAILER_LENGTH);
    if (end !== ETX) return 'END';
    const body = bytes.slice(HEADER_LENGTH, -TRAILER_LENGTH);
    return lrc === lrcOf(body) && sum === sumOf(body) ? { kind: 'frame', body } : 'CHECK';
  },
};

export function createL100Parser(): LengthFramedParser<L100Frame | Damaged> {
  return new LengthFramedParser(FRAMING);
}
