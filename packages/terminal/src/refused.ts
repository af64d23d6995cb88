import { TerminalError } from './refusals.ts';
import { REMEDIES } from './remedies.ts';
import type { Refused } from './results.ts';

/** The result that says what an error says. */
export function refusedBy({ code, message, deviceCode }: TerminalError): Refused {
  return {
    ok: false,
    status: code,
    message,
    remedy: REMEDIES[code],
    ...(deviceCode !== undefined && { deviceCode }),
  };
}

/** Runs `action`; a `TerminalError` becomes its result, anything else is thrown on. */
export async function answering<T>(action: () => T | Promise<T>): Promise<T | Refused> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof TerminalError) return refusedBy(error);
    throw error;
  }
}
