import { equal } from '../bytes/bytes.ts';
import { attribute, type SignedAttributes } from './attributes.ts';
import { octetString, TAG } from './der-writer.ts';
import { Tr34Error } from './error.ts';
import { decodeTime, encodeTime } from './time.ts';

/**
 * What shows that a token is not an old one: in two passes the random number that the key receiving device sent first, in one
 * pass the time of signing.
 */
export type Pass = { nonce: Uint8Array } | { time: Date };

const MIN_NONCE_LENGTH = 8;
const MAX_NONCE_LENGTH = 16;

/** @throws RangeError when a random number is not 8 to 16 bytes long */
export function assertNonce(nonce: Uint8Array): void {
  if (nonce.length >= MIN_NONCE_LENGTH && nonce.length <= MAX_NONCE_LENGTH) return;
  const allowed = `${MIN_NONCE_LENGTH} to ${MAX_NONCE_LENGTH} bytes`;
  throw new RangeError(`the random number must be ${allowed}, got ${nonce.length}`);
}

/** The random number as an attribute: in tokens, and alone as the random number token. */
export function nonceAttribute(nonce: Uint8Array): Uint8Array {
  assertNonce(nonce);
  return attribute('randomNonce', octetString(nonce));
}

export function passAttribute(pass: Pass): Uint8Array {
  return 'nonce' in pass ? nonceAttribute(pass.nonce) : attribute('signingTime', encodeTime(pass.time));
}

function checkNonce(nonce: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  if (expected === undefined) {
    if (nonce === undefined) return;
    throw new Tr34Error(
      'NONCE_UNEXPECTED',
      'the token answers a random number, but none was given to compare it with',
    );
  }
  if (nonce === undefined) {
    throw new Tr34Error(
      'NONCE_MISSING',
      'the token has no random number: it is of one pass, two were asked for',
    );
  }
  if (!equal(nonce, expected)) {
    throw new Tr34Error(
      'NONCE_MISMATCH',
      'the random number is not the one that was sent: the token answers another',
    );
  }
}

/**
 * Checks that a verified token is not an old one, and not one from the future. How old a token of one pass may be is for the
 * caller to say.
 *
 * @returns the time of signing, if the token has it
 * @throws Tr34Error `NONCE_MISSING`, `NONCE_UNEXPECTED`, `NONCE_MISMATCH`, `TIME_MISSING` or `TIME_IN_FUTURE`
 */
export function checkPass(
  attributes: SignedAttributes | undefined,
  expectedNonce: Uint8Array | undefined,
  now: Date,
): Date | undefined {
  checkNonce(attributes?.get('randomNonce', TAG.OCTET_STRING)?.content, expectedNonce);
  const signed = attributes?.find('signingTime');
  const time = signed && decodeTime(signed, 'the time of signing');
  if (time === undefined && expectedNonce === undefined) {
    throw new Tr34Error('TIME_MISSING', 'a token of one pass must have its time of signing');
  }
  if (time !== undefined && time > now) {
    throw new Tr34Error(
      'TIME_IN_FUTURE',
      `the token was signed at ${time.toISOString()}, which is in the future`,
    );
  }
  return time;
}
