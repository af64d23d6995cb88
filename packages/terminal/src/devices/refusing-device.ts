import { PinBlockError } from '@keywright/crypto';
import { TerminalError } from '../refusals.ts';

/** Runs what the host asked for; what the terminal refuses, or can not be asked for, becomes the device's code for it. */
export async function refusedAs<T>(
  action: () => Promise<T>,
  code: (error: TerminalError | undefined) => T,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TerminalError) return code(error);
    if (error instanceof RangeError || error instanceof PinBlockError) return code(undefined);
    throw error;
  }
}
