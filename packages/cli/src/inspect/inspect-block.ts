import { describeKeyBlock, type KeyBlockDescription, KeyBlockError } from '@keywright/crypto';
import { Failure } from '../failure.ts';
import { formatDescription } from './format-description.ts';
import { readGivenBlock } from './given-block.ts';

function describe(block: string, json: boolean): KeyBlockDescription {
  try {
    return describeKeyBlock(block);
  } catch (error) {
    if (!(error instanceof KeyBlockError)) throw error;
    const { code, message } = error;
    if (!json) throw new Failure(`${message} (${code})`);
    console.log(JSON.stringify({ ok: false, code, message }));
    throw new Failure('');
  }
}

/**
 * Explains one key block on standard output.
 *
 * @param given the block, or - to read it from standard input
 * @throws Failure when it can't be read
 */
export async function inspectBlock(given: string, json: boolean): Promise<void> {
  const block = await readGivenBlock(given);
  const description = describe(block, json);
  console.log(json ? JSON.stringify({ ok: true, ...description }) : formatDescription(description));
}
