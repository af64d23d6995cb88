import { resolve } from 'node:path';
import { MainKeyError } from '@keywright/service';
import { Aborted } from '../ceremony/prompts.ts';
import { Failure } from '../failure.ts';

/** The service's data directory, found as the service finds it. */
export function dataDirectory(): string {
  return resolve(process.env.KEYWRIGHT_DATA_DIR || '.keywright');
}

/** @throws Failure when nobody can be asked */
export function assertTerminal(why: string): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new Failure(`this needs a terminal: ${why}, never piped`);
}

/** Does something; breaking it off is a failure that says what is left of it. */
export async function withFailures(left: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Aborted) throw new Failure(`broken off. ${left}`);
    if (error instanceof MainKeyError || error instanceof RangeError) throw new Failure(error.message);
    throw error;
  }
}
