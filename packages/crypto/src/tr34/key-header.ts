import type { Secret } from '../bytes/secret.ts';
import { ALGORITHMS, isKeyLength } from '../tr31/algorithm.ts';
import { KeyBlockError } from '../tr31/error.ts';
import { type KeyBlockHeader, parseHeader } from '../tr31/header.ts';
import { Tr34Error } from './error.ts';

/**
 * Reads the key block header that goes with a key: 16 digits and upper-case letters.
 *
 * @throws Tr34Error `HEADER`
 */
export function readHeader(text: string): KeyBlockHeader {
  if (!/^[0-9A-Z]*$/.test(text)) {
    throw new Tr34Error('HEADER', 'key block header: it must be digits and upper-case letters');
  }
  try {
    return parseHeader(text);
  } catch (error) {
    if (!(error instanceof KeyBlockError)) throw error;
    throw new Tr34Error('HEADER', `key block header: ${error.message}`);
  }
}

/** @throws Tr34Error `KEY_LENGTH` when the algorithm of the header does not know the length of the key */
export function assertKeyLength({ algorithm }: KeyBlockHeader, key: Secret): void {
  if (isKeyLength(algorithm, key.length, false)) return;
  const { name, keyLengths } = ALGORITHMS[algorithm] ?? {};
  const right = keyLengths === undefined ? 'at least 1 byte' : `${keyLengths.join(', ')} bytes`;
  const whose = `a key of algorithm ${algorithm}${name === undefined ? '' : ` (${name})`}`;
  throw new Tr34Error('KEY_LENGTH', `${whose} has ${right}, this one has ${key.length}`);
}
