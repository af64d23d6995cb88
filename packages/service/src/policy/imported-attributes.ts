import type { KeyBlockHeader, OptionalBlock, Secret } from '@keywright/crypto';
import type { KeyAlgorithm, KeyAttributes } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { checkAttributes } from './attribute-matrix.ts';
import { usageOfCode } from './key-block-codes.ts';
import { isModeLetter, modesOfLetter } from './modes-of-use.ts';
import {
  isSymmetric,
  SYMMETRIC_ALGORITHM_NAMES,
  SYMMETRIC_ALGORITHMS,
  symmetricRules,
} from './symmetric-algorithm.ts';
import { isSingleDes } from './tdes-quality.ts';
import { oneOf } from './wording.ts';

/** Bytes of an HMAC key for 112 bits of strength (NIST SP 800-131A, section 10). */
const SHORTEST_HMAC_KEY = 14;

/** The attributes that a key block's header gives to the key in it. */
export function attributesOfBlock(
  header: KeyBlockHeader,
  optionalBlocks: readonly OptionalBlock[],
  keyLength: number,
): KeyAttributes {
  const KeyUsage = usageOfCode(header.keyUsage);
  if (KeyUsage === undefined) {
    throw invalid(
      `Key usage ${header.keyUsage} of the key block is not supported: there is no KeyUsage for it.`,
    );
  }
  if (!isModeLetter(header.modeOfUse)) {
    throw invalid(
      `Mode of use ${header.modeOfUse} of the key block is not supported: there are no KeyModesOfUse for it.`,
    );
  }
  return {
    KeyUsage,
    KeyClass: 'SYMMETRIC_KEY',
    KeyAlgorithm: algorithmOfBlock(header.algorithm, optionalBlocks, keyLength),
    KeyModesOfUse: modesOfLetter(header.modeOfUse),
  };
}

function algorithmOfBlock(letter: string, blocks: readonly OptionalBlock[], keyLength: number): KeyAlgorithm {
  if (letter === 'H') return hmacAlgorithm(blocks.find(({ id }) => id === 'HM')?.data);
  const family = { A: 'AES', T: 'TDES' }[letter];
  if (family === undefined) {
    throw invalid(
      `Algorithm ${letter} of the key block is not supported: use A (AES), H (HMAC) or T (TDES).`,
    );
  }
  const algorithms = SYMMETRIC_ALGORITHM_NAMES.filter((name) => SYMMETRIC_ALGORITHMS[name].family === family);
  const algorithm = algorithms.find((name) => SYMMETRIC_ALGORITHMS[name].keyLength === keyLength);
  if (algorithm !== undefined) return algorithm;
  const lengths = algorithms.map((name) => String(SYMMETRIC_ALGORITHMS[name].keyLength));
  throw invalid(`The ${family} key in the key block has ${keyLength} bytes: it must have ${oneOf(lengths)}.`);
}

/** By the optional block HM: a block without it does not say which HMAC the key is for. */
function hmacAlgorithm(hmCode: string | undefined): KeyAlgorithm {
  const codes = SYMMETRIC_ALGORITHM_NAMES.flatMap((name) => {
    const rules = SYMMETRIC_ALGORITHMS[name];
    return rules.family === 'HMAC' ? [{ name, code: rules.hmCode }] : [];
  });
  const found = codes.find(({ code }) => code === hmCode);
  if (found !== undefined) return found.name;
  const right = oneOf(codes.map(({ name, code }) => `${code} (${name})`));
  const actual =
    hmCode === undefined ? 'has no optional block HM' : 'has an optional block HM with another hash';
  throw invalid(`The key block of the HMAC key ${actual}: HM must be ${right}.`);
}

/** Throws unless attributes that came from outside go together, and the key that came with them is one to take. */
export function checkImportedKey(attributes: KeyAttributes, key: Secret): void {
  const { KeyAlgorithm } = attributes;
  if (!isSymmetric(KeyAlgorithm)) {
    throw invalid(`KeyAlgorithm ${KeyAlgorithm} is not valid here: use ${oneOf(SYMMETRIC_ALGORITHM_NAMES)}.`);
  }
  checkAttributes(attributes);
  checkLength(KeyAlgorithm, key);
  if (symmetricRules(KeyAlgorithm).family === 'TDES' && isSingleDes(key)) {
    throw invalid(
      `The key is single DES in effect, since parts of it are equal: use a ${KeyAlgorithm} key of different parts.`,
    );
  }
}

function checkLength(algorithm: KeyAlgorithm, key: Secret): void {
  const { family, keyLength } = symmetricRules(algorithm);
  const right = family === 'HMAC' ? key.length >= SHORTEST_HMAC_KEY : key.length === keyLength;
  if (right) return;
  const needed = family === 'HMAC' ? `at least ${SHORTEST_HMAC_KEY}` : keyLength;
  throw invalid(`The key has ${key.length} bytes: a key of ${algorithm} has ${needed}.`);
}
