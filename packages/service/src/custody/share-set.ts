import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  combineShares,
  decodeHex,
  encodeAscii,
  encodeHex,
  equal,
  randomBytes,
  Secret,
  splitSecret,
} from '@keywright/crypto';
import { writeOnce } from '../private-file.ts';
import { MainKeyError, type MainKeyProvider } from './main-key.ts';
import { MAIN_KEY_LENGTH, mainKeyId, sealUnder } from './sealing.ts';
import type { Share } from './share.ts';

const SET_ID_LENGTH = 4;
export const FEWEST_SHARES = 2;
export const MOST_SHARES = 9;

/** What is public of a main key in shares: it is kept in the data directory, and tells nothing of the key. */
export interface ShareSet {
  readonly version: 1;
  /** 8 hexadecimal digits, on every share. */
  readonly setId: string;
  readonly shares: number;
  readonly threshold: number;
  /** Hexadecimal, 8 bytes. */
  readonly mainKeyId: string;
  /**
   * SHA-256 of each share with its number, hexadecimal: a forged share is known by it, before it is combined with others. A
   * share's value is 32 bytes that nobody can guess, so its hash tells nothing of it.
   */
  readonly commitments: readonly string[];
}

function commitment({ setId, index, value }: Omit<Share, 'threshold'>): Uint8Array {
  const hash = createHash('sha256').update(encodeAscii(`keywright share ${setId} ${index} `));
  return value.expose((bytes) => new Uint8Array(hash.update(bytes).digest()));
}

/**
 * Makes a main key of 32 random bytes as shares for custodians. Nothing is written: the set becomes a main key by
 * `writeShareSet`, once every custodian has confirmed his share.
 *
 * @throws RangeError unless 2 <= threshold <= shares <= 9
 */
export function makeShareSet(options: { shares: number; threshold: number }): {
  set: ShareSet;
  shares: Share[];
} {
  const { shares: count, threshold } = options;
  if (count > MOST_SHARES) throw new RangeError(`a main key has ${FEWEST_SHARES} to ${MOST_SHARES} shares`);
  using secret = Secret.take(randomBytes(MAIN_KEY_LENGTH));
  const setId = encodeHex(randomBytes(SET_ID_LENGTH));
  const parts = splitSecret({ secret, shares: count, threshold });
  const shares = parts.map(({ index, value }) => ({ setId, index, threshold, value }));
  const commitments = shares.map((share) => encodeHex(commitment(share)));
  const id = encodeHex(mainKeyId(secret));
  return { set: { version: 1, setId, shares: count, threshold, mainKeyId: id, commitments }, shares };
}

/** Makes the set the main key of a data directory, on the disk when it returns. @throws MainKeyError when another was there */
export function writeShareSet(path: string, set: ShareSet): void {
  writeOnce(path, `${JSON.stringify(set, undefined, 2)}\n`);
  if (readShareSet(path).setId === set.setId) return;
  throw new MainKeyError('SHARE_OF_ANOTHER_SET', `${path} is there already, of another main key`);
}

/** @throws MainKeyError when there is none, or it is damaged */
export function readShareSet(path: string): ShareSet {
  if (!existsSync(path)) {
    const advice = 'run "keywright main-key init" with the custodians first';
    throw new MainKeyError('NOT_MADE', `there is no main key in shares yet (${path}): ${advice}`);
  }
  return parseShareSet(readFileSync(path, 'utf8'), path);
}

/** @param path names the file in messages @throws MainKeyError when the content is damaged */
export function parseShareSet(content: string, path: string): ShareSet {
  try {
    const set: unknown = JSON.parse(content);
    if (isShareSet(set)) return set;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const advice = 'bring it back from its copy or a backup';
  throw new MainKeyError('DAMAGED_FILE', `the file of the main key's shares ${path} is damaged; ${advice}`);
}

function isHex(text: unknown, bytes: number): text is string {
  return typeof text === 'string' && new RegExp(`^[0-9A-F]{${2 * bytes}}$`).test(text);
}

export function isShareSet(value: unknown): value is ShareSet {
  const {
    version,
    setId,
    shares,
    threshold,
    mainKeyId: id,
    commitments,
  } = (value ?? {}) as Partial<ShareSet>;
  return (
    version === 1 &&
    isHex(setId, SET_ID_LENGTH) &&
    Number.isInteger(shares) &&
    Number.isInteger(threshold) &&
    FEWEST_SHARES <= threshold! &&
    threshold! <= shares! &&
    shares! <= MOST_SHARES &&
    isHex(id, 8) &&
    Array.isArray(commitments) &&
    commitments.length === shares &&
    commitments.every((hash) => isHex(hash, 32))
  );
}

/** @throws MainKeyError when the share is not one of the set */
export function assertOfSet(set: ShareSet, share: Share): void {
  if (share.setId !== set.setId || share.threshold !== set.threshold) {
    const message = `the share is of the set ${share.setId}, and this main key's is ${set.setId}`;
    throw new MainKeyError('SHARE_OF_ANOTHER_SET', message);
  }
  const expected = set.commitments[share.index - 1];
  if (expected !== undefined && equal(commitment(share), decodeHex(expected))) return;
  const message = `this is not the share ${share.index} that was handed out`;
  throw new MainKeyError('SHARE_FORGED', message);
}

/**
 * The main key from its shares, known by its id. The shares stay the caller's.
 *
 * @throws MainKeyError when they are not the set's, or make another key
 */
export function openShares(set: ShareSet, shares: readonly Share[]): MainKeyProvider {
  for (const share of shares) assertOfSet(set, share);
  if (shares.length < set.threshold) throw wrongShares(set);
  using mainKey = combineShares(shares);
  if (!equal(mainKeyId(mainKey), decodeHex(set.mainKeyId))) throw wrongShares(set);
  return sealUnder(mainKey);
}

function wrongShares({ mainKeyId: id }: ShareSet): MainKeyError {
  return new MainKeyError('WRONG_SHARES', `the shares do not make the main key ${id.toLowerCase()}`);
}
