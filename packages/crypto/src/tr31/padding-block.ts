import type { RandomSource } from '../cipher/random.ts';
import { KeyBlockError } from './error.ts';
import { type OptionalBlock, optionalBlockLength } from './optional-block.ts';

/**
 * Letters and digits only: other printable characters are delimiters in the protocols of some HSMs.
 * Padding is no secret, so it does not matter that 256 is no multiple of their number.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const PADDING_ID = 'PB';
const PREFIX = 4;

export function totalLength(optionalBlocks: readonly OptionalBlock[]): number {
  return optionalBlocks.reduce((sum, block) => sum + optionalBlockLength(block), 0);
}

/** Whether a padding block stands anywhere but at the end (ANSI X9.143:2021, section 6.3.6.11). */
export function paddingIsMisplaced(optionalBlocks: readonly OptionalBlock[]): boolean {
  return optionalBlocks.some(({ id }, i) => id === PADDING_ID && i < optionalBlocks.length - 1);
}

function paddingBlock(unpadded: number, blockLength: number, random: RandomSource): OptionalBlock {
  const characters = (blockLength - ((unpadded + PREFIX) % blockLength)) % blockLength;
  const data = Array.from(
    characters > 0 ? random(characters) : [],
    (byte) => ALPHABET[byte % ALPHABET.length],
  );
  return { id: PADDING_ID, data: data.join('') };
}

/**
 * Pads optional blocks to whole cipher blocks with a padding block at the end (section 6.3.6.11).
 *
 * A padding block that comes along and fills the last block exactly stays as it is; any other is replaced, since a key
 * block that is wrapped anew may need more or less of it.
 *
 * @throws KeyBlockError `OPTIONAL_BLOCK` when a padding block stands before another block
 */
export function padOptionalBlocks(
  optionalBlocks: readonly OptionalBlock[],
  blockLength: number,
  random: RandomSource,
): readonly OptionalBlock[] {
  if (paddingIsMisplaced(optionalBlocks)) {
    throw new KeyBlockError('OPTIONAL_BLOCK', 'the padding block PB must be the last of the optional blocks');
  }
  if (totalLength(optionalBlocks) % blockLength === 0) return optionalBlocks;
  const rest = optionalBlocks.filter(({ id }) => id !== PADDING_ID);
  const unpadded = totalLength(rest);
  return unpadded % blockLength === 0 ? rest : [...rest, paddingBlock(unpadded, blockLength, random)];
}
