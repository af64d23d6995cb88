import { type RandomSource, randomBytes } from '@keywright/crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 16;

/** 16 characters of a to z and 2 to 7: 80 random bits. */
export function randomId(random: RandomSource = randomBytes): string {
  return Array.from(random(LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
