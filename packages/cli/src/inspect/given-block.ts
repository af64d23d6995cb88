import { text } from 'node:stream/consumers';

/**
 * A key block as a command was given it. Mail and terminals break long lines; a space may belong to a label, so that only the
 * ends lose theirs.
 *
 * @param given the block, or - to read it from standard input
 */
export async function readGivenBlock(given: string): Promise<string> {
  const block = given === '-' ? await text(process.stdin) : given;
  return block.replace(/[\r\n]+/g, '').trim();
}
