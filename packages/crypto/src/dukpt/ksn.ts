import { concat } from '../bytes/bytes.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { DukptError } from './dukpt-error.ts';

/** The scheme: TDES is ANSI X9.24-1:2009, annex A (X9.24-3:2017, annex C); AES is ANSI X9.24-3:2017, section 6. */
export type DukptSchemeName = 'TDES' | 'AES';

/** A key serial number taken apart. */
export interface Ksn {
  /**
   * What tells one terminal's initial key from another's, 8 bytes. AES: the initial key ID. TDES: the leftmost 8 bytes of the
   * KSN with the 5 bits that belong to the counter zero.
   */
  readonly initialKeyId: Uint8Array;
  /** The transaction counter: 21 bits for TDES, 32 for AES. 0 in the KSN of an initial key. */
  readonly counter: number;
}

const TDES_COUNTER_MASK = 0x1fffff;

const HEX = /^[0-9A-Fa-f]*$/;

function decodeKsn(digits: string, lengths: readonly number[], title: string): Uint8Array {
  if (!lengths.includes(digits.length) || !HEX.test(digits)) {
    const message = `${title} must be ${lengths.join(' or ')} hexadecimal digits, got ${digits.length} characters`;
    throw new DukptError('KSN_INVALID', message);
  }
  return decodeHex(digits, title);
}

function lastWord(bytes: Uint8Array): number {
  const [a, b, c, d] = bytes.subarray(-4);
  return ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0;
}

/**
 * Reads a TDES DUKPT KSN (ANSI X9.24-1:2009, A.1.2): 59 bits of identity and 21 of counter.
 *
 * @param digits 20 hexadecimal digits; 16 are taken as a KSN of 8 bytes, which the standard fills up with FFFF on the left
 * @throws DukptError (KSN_INVALID)
 */
export function parseTdesKsn(digits: string): Ksn {
  const ksn = decodeKsn(digits.length === 16 ? `FFFF${digits}` : digits, [20], 'TDES KSN');
  const initialKeyId = ksn.slice(0, 8);
  initialKeyId[7]! &= 0xe0;
  return { initialKeyId, counter: lastWord(ksn) & TDES_COUNTER_MASK };
}

/** The 10 bytes of a TDES DUKPT KSN. */
export function tdesKsnBytes(ksn: Ksn): Uint8Array {
  const bytes = concat(ksn.initialKeyId, new Uint8Array(2));
  const view = new DataView(bytes.buffer);
  view.setUint32(6, view.getUint32(6) | ksn.counter);
  return bytes;
}

/** Writes a TDES DUKPT KSN as 20 hexadecimal digits. */
export function formatTdesKsn(ksn: Ksn): string {
  return encodeHex(tdesKsnBytes(ksn));
}

/**
 * Reads an AES DUKPT KSN (ANSI X9.24-3:2017, 6.1 and 6.5.2): an initial key ID of 64 bits and a counter of 32.
 *
 * @param digits 24 hexadecimal digits; 16 are the initial key ID alone, with counter 0
 * @throws DukptError (KSN_INVALID)
 */
export function parseAesKsn(digits: string): Ksn {
  const ksn = decodeKsn(digits, [24, 16], 'AES KSN');
  return { initialKeyId: ksn.slice(0, 8), counter: ksn.length === 12 ? lastWord(ksn) : 0 };
}

/** Writes an AES DUKPT KSN as 24 hexadecimal digits. */
export function formatAesKsn(ksn: Ksn): string {
  const bytes = concat(ksn.initialKeyId, new Uint8Array(4));
  new DataView(bytes.buffer).setUint32(8, ksn.counter);
  return encodeHex(bytes);
}

/** The scheme that a KSN's length tells: 24 digits are AES, 20 or 16 TDES (a bare AES initial key ID has 16 too). */
export function schemeOfKsn(digits: string): DukptSchemeName {
  return digits.length === 24 ? 'AES' : 'TDES';
}
