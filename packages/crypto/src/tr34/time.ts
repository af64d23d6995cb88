import { encodeAscii } from '../bytes/ascii.ts';
import type { DerElement } from './der-reader.ts';
import { derElement, TAG } from './der-writer.ts';
import { Tr34Error } from './error.ts';

/** UTCTime reaches to the end of 2049, GeneralizedTime from there on (RFC 5652, section 11.3). */
const FIRST_YEAR_OF_GENERALIZED_TIME = 2050;

const FORMATS: Readonly<Record<number, RegExp>> = {
  [TAG.UTC_TIME]: /^[0-9]{12}Z$/,
  [TAG.GENERALIZED_TIME]: /^[0-9]{14}Z$/,
};

function toDigits(time: Date): string {
  return time.toISOString().replace(/\.[0-9]+Z$|[-:T]/g, '');
}

/**
 * Writes a time to the second, in UTC.
 *
 * @throws RangeError when the year is before 1950 or after 9999
 */
export function encodeTime(time: Date): Uint8Array {
  const year = time.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) throw new RangeError('the time must be from 1950 to 9999');
  const text = encodeAscii(`${toDigits(time)}Z`);
  if (year >= FIRST_YEAR_OF_GENERALIZED_TIME) return derElement(TAG.GENERALIZED_TIME, text);
  return derElement(TAG.UTC_TIME, text.subarray(2));
}

function withCentury(text: string): string {
  if (text.length === 15) return text;
  return `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`;
}

/**
 * Reads a UTCTime or GeneralizedTime as DER has them: to the second, in UTC.
 *
 * @throws Tr34Error `STRUCTURE`
 */
export function decodeTime(element: DerElement, name: string): Date {
  const text = Buffer.from(element.content).toString('latin1');
  if (FORMATS[element.tag]?.test(text)) {
    const digits = withCentury(text).slice(0, 14);
    const time = new Date(digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!Number.isNaN(time.getTime()) && toDigits(time) === digits) return time;
  }
  throw new Tr34Error(
    'STRUCTURE',
    `${name}, position ${element.position}, must be a time in UTC to the second`,
  );
}
