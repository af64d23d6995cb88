import { concat } from '../bytes/bytes.ts';

/** Identifier octets (X.690, section 8.1.2) of the elements that tokens are made of. */
export const TAG = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  UTF8_STRING: 0x0c,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** Primitive [0]: an implicitly tagged OCTET STRING. */
  CONTEXT_0_PRIMITIVE: 0x80,
  CONTEXT_0: 0xa0,
  CONTEXT_1: 0xa1,
  CONTEXT_2: 0xa2,
} as const;

/** Length octets in the shortest form (X.690, section 10.1). */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** An element around the parts. The parts are copied once: whoever wipes the result has wiped everything. */
export function derElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.of(tag, ...lengthOctets(length)), ...parts);
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.SEQUENCE, ...parts);
}

export function set(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.SET, ...parts);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return derElement(TAG.OCTET_STRING, bytes);
}

/** Whole octets: no bit of the last one is unused. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return derElement(TAG.BIT_STRING, Uint8Array.of(0), bytes);
}

/** A whole number from 0 to 127. */
export function smallInteger(value: number): Uint8Array {
  return derElement(TAG.INTEGER, Uint8Array.of(value));
}

export const NULL = derElement(TAG.NULL);

/** Byte order of DER's SET OF (X.690, section 11.6). */
export function compareEncodings(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}
