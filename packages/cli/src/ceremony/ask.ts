import { Failure } from '../failure.ts';

/** Calls the service; what it refuses, or that it can't be reached, comes out as a Failure. */
export async function ask<Output>(operation: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    throw new Failure(`${operation} failed: ${[name, code, message].filter(Boolean).join(': ')}`, {
      cause: error,
    });
  }
}
