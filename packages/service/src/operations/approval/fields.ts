import { invalid } from '../../api/exceptions.ts';

/** The JSON object of a request to the service's own interface, not yet looked at. */
export type Fields = Readonly<Record<string, unknown>>;

// What an ARN may hold at its end; a user and a team are named by it.
const NAME = /^[a-zA-Z0-9._-]{1,64}$/;

/** Throws for a member that nobody asked for: a typing error must not pass as an option left out. */
export function checkMembers(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((member) => !known.includes(member));
  if (unknown !== undefined) throw invalid(`The request may have only these members: ${known.join(', ')}.`);
}

export function readName(value: unknown, path: string): string {
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw invalid(`${path} must be 1 to 64 letters, digits, dots, underscores or dashes.`);
}

/** At least one name, each once. */
export function readNames(value: unknown, path: string): string[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid(`${path} must be a list of names.`);
  const names = value.map((name, i) => readName(name, `${path}[${i}]`));
  if (new Set(names).size < names.length) throw invalid(`${path} must name everybody once.`);
  return names;
}

export function readNumber(value: unknown, path: string, least: number, most: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw invalid(`${path} must be a whole number from ${least} to ${most}.`);
}
