import { type AwsException, invalid } from '../api/exceptions.ts';
import { showText } from '../api/failure.ts';
import { oneOf } from './wording.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A text of a policy for a message; what looks like key material is hidden there too. */
export function shown(text: string): string {
  return showText({ type: 'string', pattern: '' }, text);
}

/** An element of a policy is not as it must be. `path` names it as `Policy.Statement[0].Effect`. */
export function refusal(path: string, what: string): AwsException {
  return invalid(`${path} ${what}.`);
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object that has no other members than those. */
export function readObject(value: unknown, path: string, members: readonly string[]): Fields {
  if (!isObject(value)) throw refusal(path, 'must be an object');
  const unknown = Object.keys(value).find((name) => !members.includes(name));
  if (unknown === undefined) return value;
  throw refusal(path, `has the element ${shown(unknown)}, which is not supported: use ${oneOf(members)}`);
}

/** One text, or a list of at least one. Variables are refused: a value that is not filled in would match nothing. */
export function readTexts(value: unknown, path: string): readonly string[] {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0) throw refusal(path, 'must have at least one value');
  return texts.map((text) => {
    if (typeof text !== 'string' || text === '') {
      throw refusal(path, 'must be a text of at least one character, or a list of such texts');
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that policies have for a variable
    if (text.includes('${')) throw refusal(path, 'has a policy variable (${…}), which is not supported');
    return text;
  });
}
