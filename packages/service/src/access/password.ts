import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { randomBytes, Secret } from '@keywright/crypto';
import { AwsException, invalid } from '../api/exceptions.ts';

/** How a password is stretched, kept beside the result so that the costs can rise later. */
export interface PasswordParameters {
  readonly kdf: 'scrypt';
  /** scrypt's costs (RFC 7914, 2). */
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Hexadecimal, 16 bytes. */
  readonly salt: string;
}

/** 128 MiB and some tenths of a second for every guess. */
const COSTS = { N: 2 ** 17, r: 8, p: 1 } as const;
const SALT_LENGTH = 16;
/** Bytes of a stretched password. */
export const STRETCHED_LENGTH = 32;

const SHORTEST = 12;
const LONGEST = 256;
const FEWEST_DIFFERENT = 5;

/** Each takes 128 MiB; more at once would let anybody take the machine's memory. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 32;

export function newPasswordParameters(): PasswordParameters {
  return { kdf: 'scrypt', ...COSTS, salt: Buffer.from(randomBytes(SALT_LENGTH)).toString('hex') };
}

/** Throws when a password is too easy to guess. The message does not hold it. @throws AwsException ValidationException */
export function checkPassword(password: string, name: string): void {
  const characters = Array.from(password.normalize('NFC'));
  if (characters.length < SHORTEST || characters.length > LONGEST) {
    throw invalid(`password must have ${SHORTEST} to ${LONGEST} characters.`);
  }
  if (password.toLowerCase().includes(name)) throw invalid('password must not contain the name.');
  if (new Set(characters).size < FEWEST_DIFFERENT) {
    throw invalid(`password must have at least ${FEWEST_DIFFERENT} different characters.`);
  }
}

let running = 0;
const waiting: (() => void)[] = [];

/** Waits for a turn; gives it back when disposed of. */
async function turn(): Promise<Disposable> {
  if (running >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new AwsException('ThrottlingException', 'Rate exceeded');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  return {
    [Symbol.dispose]() {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    },
  };
}

const stretch = promisify(scrypt) as (
  password: Uint8Array,
  salt: Uint8Array,
  length: number,
  options: object,
) => Promise<Buffer>;

/** Stretches a password (RFC 7914), in whatever way its characters are composed. @returns 32 bytes */
export async function stretchPassword(
  password: string,
  { N, r, p, salt }: PasswordParameters,
): Promise<Secret> {
  const bytes = Buffer.from(password.normalize('NFC'));
  using _turn = await turn();
  try {
    const options = { N, r, p, maxmem: 2 * 128 * N * r };
    const derived = await stretch(bytes, Buffer.from(salt, 'hex'), STRETCHED_LENGTH, options);
    return Secret.take(new Uint8Array(derived.buffer, derived.byteOffset, derived.length));
  } finally {
    bytes.fill(0);
  }
}
