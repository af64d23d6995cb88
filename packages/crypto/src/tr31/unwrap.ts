import type { Secret } from '../bytes/secret.ts';
import { isKeyLength } from './algorithm.ts';
import { verificationFailed } from './error.ts';
import { type KeyBlockContents, type ReadKeyBlock, readKeyBlock } from './parse.ts';
import { type Profile, relaxation } from './profile.ts';
import { checkDesKeys, checkKeyLength } from './rules.ts';
import { assertKbpk, checkStrength } from './strength.ts';
import { KEY_BLOCK_VERSIONS } from './version.ts';

/** Checks and decrypts; everything that can be wrong from here on is one failure. */
function openKey(kbpk: Secret, { contents, text, headerLength }: ReadKeyBlock, profile: Profile): Secret {
  const { version, algorithm } = contents.header;
  const key = KEY_BLOCK_VERSIONS[version].binding.open(kbpk, text, headerLength);
  if (key === undefined) throw verificationFailed();
  if (isKeyLength(algorithm, key.length, profile === 'tolerant')) return key;
  key[Symbol.dispose]();
  throw verificationFailed();
}

/** What the key of an authentic block tells: reported like everything else that is not as the standard has it. */
function checkKey(kbpk: Secret, key: Secret, { header, warnings }: KeyBlockContents, profile: Profile): void {
  const relax = relaxation(profile, warnings);
  checkKeyLength(header.algorithm, key.length, relax);
  checkStrength(header, kbpk, key.length, relax);
  checkDesKeys(header.algorithm, key, relax);
}

/**
 * Unwraps a key block (ANSI X9.143:2021, TR-31; ISO 20038): checks its MAC in constant time, then decrypts the key.
 *
 * @param o.kbpk key block protection key: TDES of 16 or 24 bytes for versions A to C, AES of 16, 24 or 32 for D and E
 * @param o.profile `tolerant` unless given
 * @returns the key, which the caller disposes of, and everything that `parseKeyBlock` returns
 * @throws KeyBlockError with the code of the field that is wrong, `KEY_BLOCK_VERIFICATION_FAILED` for everything that is
 * wrong once decryption has begun, or (x9.143) `KBPK_TOO_WEAK` or `EQUAL_DES_KEYS` when an authentic block holds such a key
 */
export function unwrapKeyBlock(o: {
  kbpk: Secret;
  block: string;
  profile?: Profile;
}): KeyBlockContents & { key: Secret } {
  const profile = o.profile ?? 'tolerant';
  const block = readKeyBlock(o.block, profile);
  assertKbpk(block.contents.header.version, o.kbpk);
  const key = openKey(o.kbpk, block, profile);
  try {
    checkKey(o.kbpk, key, block.contents, profile);
  } catch (error) {
    key[Symbol.dispose]();
    throw error;
  }
  const { header, optionalBlocks, warnings } = block.contents;
  return { header, optionalBlocks, warnings, key };
}
