import { ComponentError, DukptError, KeyBlockError } from '@keywright/crypto';
import { InputError } from './fields.ts';

/** Answers one object of a batch, without `ok`; throws where there is no answer. */
export type Handler = (line: Record<string, unknown>) => object;

const LIBRARY_ERRORS = [KeyBlockError, DukptError, ComponentError] as const;

function refusal(code: string, message: string): object {
  return { ok: false, code, message };
}

/** An error in the answer's words. Only messages that are known to hold no key are passed on. */
function refuse(error: unknown): object {
  for (const LibraryError of LIBRARY_ERRORS) {
    if (error instanceof LibraryError) return refusal(error.code, error.message);
  }
  if (error instanceof InputError || error instanceof RangeError) return refusal('INPUT', error.message);
  return refusal('INTERNAL', `internal error: ${error instanceof Error ? error.name : typeof error}`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The parser's message quotes the line, and the line may hold a key.
    return undefined;
  }
}

/** Answers one line of newline-delimited JSON. Never throws. */
export function answerLine(line: string, handle: Handler): string {
  const object = parse(line);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    return JSON.stringify(refusal('JSON', 'a line must be one JSON object'));
  }
  try {
    return JSON.stringify({ ok: true, ...handle(object as Record<string, unknown>) });
  } catch (error) {
    return JSON.stringify(refuse(error));
  }
}
