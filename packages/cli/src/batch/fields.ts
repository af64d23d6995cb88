import { Secret } from '@keywright/crypto';

/** A line's field is missing or of the wrong type. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The text of a required field. */
export function textField(line: Record<string, unknown>, name: string): string {
  const value = line[name];
  if (typeof value === 'string') return value;
  throw new InputError(`${name} must be a string${value === undefined ? '; it is missing' : ''}`);
}

/** The key, in hexadecimal of either case, of a required field. */
export function keyField(line: Record<string, unknown>, name: string): Secret {
  const digits = textField(line, name);
  if (digits === '') throw new InputError(`${name} is empty`);
  return Secret.fromHex(digits, name);
}

/** The text of a field that must be one of `allowed`. */
export function choiceField<Choice extends string>(
  line: Record<string, unknown>,
  name: string,
  allowed: readonly Choice[],
): Choice {
  const value = textField(line, name);
  const choice = allowed.find((candidate) => candidate === value);
  if (choice === undefined) throw new InputError(`${name} must be one of ${allowed.join(', ')}`);
  return choice;
}
