import { pipeline } from 'node:stream/promises';
import { Failure } from '../failure.ts';
import { answerLine, type Handler } from './answer.ts';
import { splitLines } from './lines.ts';

/**
 * Reads one JSON object a line and answers one a line, in order; a line that can't be answered is answered with
 * `"ok":false`. Empty lines at the end are no lines. What was read at once is answered at once, so that a program at the
 * other end may wait for each answer; when it reads slowly, so is it read from.
 *
 * @throws Failure when the reader of the answers went away
 */
export async function answerBatch(
  handle: Handler,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  async function* answers(): AsyncGenerator<string> {
    for await (const lines of splitLines(input)) {
      if (lines.length > 0) yield lines.map((line) => `${answerLine(line, handle)}\n`).join('');
    }
  }
  try {
    await pipeline(answers, output, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw new Failure('');
    throw error;
  }
}
