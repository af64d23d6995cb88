import { createHash } from 'node:crypto';
import { concat, encodeHex, equal, Secret } from '@keywright/crypto';
import { MainKeyError } from './main-key.ts';

// The bytes of a share: version (1) | set id (4) | index and threshold, 4 bits each (1) | value (32) | checksum (4). They are
// written in Crockford's base 32, which has no letter that looks like another or like a digit, in groups of 4.
const VERSION = 1;
const SET_ID_LENGTH = 4;
const VALUE_LENGTH = 32;
const CHECKSUM_LENGTH = 4;
const BODY_LENGTH = 1 + SET_ID_LENGTH + 1 + VALUE_LENGTH;
const LENGTH = BODY_LENGTH + CHECKSUM_LENGTH;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = Math.ceil((LENGTH * 8) / 5);
const GROUP = 4;

/** What a custodian holds of the main key. */
export interface Share {
  /** Tells the shares of one main key from those of another: 8 hexadecimal digits. */
  readonly setId: string;
  /** The share's number, from 1. */
  readonly index: number;
  /** How many shares make the key. */
  readonly threshold: number;
  /** 32 bytes. */
  readonly value: Secret;
}

/** Of the share as it stands on its sheet, so that it tells nothing that the share does not. */
function checksum(body: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update('keywright share checksum').update(body).digest();
  return new Uint8Array(digest.subarray(0, CHECKSUM_LENGTH));
}

function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let [bits, value] = [0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[(value << (5 - bits)) & 31];
}

/** The last character has 4 bits that count for nothing; they are 0 in what was written here. */
const UNUSED_BITS = 15;

function hasUnusedBits(text: string): boolean {
  return (ALPHABET.indexOf(text.at(-1)!) & UNUSED_BITS) !== 0;
}

function decodeBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  let [bits, value, length] = [0, 0, 0];
  for (const character of text) {
    value = ((value << 5) | ALPHABET.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (value >> bits) & 0xff;
  }
  return bytes;
}

/** The share as its custodian writes it down: groups of 4 characters with spaces between. It holds the share in clear. */
export function writeShare({ setId, index, threshold, value }: Share): string {
  const id = Buffer.from(setId, 'hex');
  using body = value.expose((bytes) =>
    Secret.take(concat(Uint8Array.of(VERSION), id, Uint8Array.of((index << 4) | threshold), bytes)),
  );
  const text = body.expose((bytes) => encodeBase32(concat(bytes, checksum(bytes))));
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join(' ');
}

/** Case, spaces and dashes don't matter; O is 0, and I and L are 1, as Crockford has it. */
function normalize(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
}

function assertCharacters(text: string): void {
  const wrong = [...text].findIndex((character) => !ALPHABET.includes(character));
  if (wrong >= 0) {
    const message = `character ${wrong + 1} of the share, spaces left out, is none that a share has: digits, and letters but U`;
    throw new MainKeyError('SHARE_CHARACTER', message);
  }
  if (text.length === CHARACTERS) return;
  throw new MainKeyError('SHARE_LENGTH', `a share has ${CHARACTERS} characters, and this one ${text.length}`);
}

/**
 * Reads a share that was typed.
 *
 * @throws MainKeyError when it can't be a share; the message holds nothing of it
 */
export function readShare(typed: string): Share {
  const text = normalize(typed);
  assertCharacters(text);
  using bytes = Secret.take(decodeBase32(text));
  return bytes.expose((share) => {
    const body = share.subarray(0, BODY_LENGTH);
    const [version, counts] = [body[0]!, body[1 + SET_ID_LENGTH]!];
    const fits = equal(checksum(body), share.subarray(BODY_LENGTH)) && !hasUnusedBits(text);
    if (!fits || version !== VERSION) {
      throw new MainKeyError('SHARE_CHECKSUM', 'the share was mistyped: its checksum does not fit');
    }
    return {
      setId: encodeHex(body.subarray(1, 1 + SET_ID_LENGTH)),
      index: counts >> 4,
      threshold: counts & 15,
      value: Secret.copyOf(body.subarray(-VALUE_LENGTH)),
    };
  });
}
