import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../failure.ts';

/**
 * Prints text, or a PDF, with `lp`, which is given it on its standard input: it is in no file of ours and on no command line.
 *
 * @throws Failure when there is no `lp`, or it does not take the text
 */
export async function printWithLp(text: string | Buffer): Promise<void> {
  const lp = spawn('lp', [], { stdio: ['pipe', 'ignore', 'inherit'] });
  // When lp ends early, its exit status says why.
  lp.stdin.on('error', () => {});
  lp.stdin.end(typeof text === 'string' ? `${text}\f` : text);
  try {
    const [status] = await once(lp, 'exit');
    if (status !== 0) throw new Failure(`lp ended with status ${status}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Failure('there is no lp on this machine');
    throw error;
  }
}
