import { type AwsException, type FieldError, invalid } from './exceptions.ts';
import type { Shape } from './model.ts';

/** One constraint of the model that a value breaks. `shown` is what may be said of the value. */
export interface Failure {
  readonly path: string;
  readonly shown: string;
  readonly constraint: string;
}

/** Stands for every value that is or may hide a key, a PIN, card data or a cryptogram. */
export const HIDDEN = "'***'";

/** More failures than this of one request are not listed: a body of a megabyte could hold hundreds of thousands. */
const MOST_FAILURES = 100;

/** Adds a failure to the list. */
export function fail(failures: Failure[], path: string, shown: string, constraint: string): void {
  if (failures.length < MOST_FAILURES) failures.push({ path, shown, constraint });
}

const LONGEST_SHOWN = 128;

/**
 * Key blocks, keys, PANs and cryptograms are long runs of digits or base64, whichever member they were put into. An ARN's account
 * is such a run too, but between colons.
 */
const MATERIAL = /(?<!:)[0-9A-Fa-f]{12,}|[0-9A-Fa-f]{13,}|[0-9A-Za-z+/=]{32,}/;
const EVERY_MATERIAL = new RegExp(MATERIAL, 'g');

/** A free text with whatever in it could be a key, a PAN or a cryptogram taken out. */
export function hideMaterial(text: string): string {
  return text.replace(EVERY_MATERIAL, '***');
}

/** What a message may say of a text: identifiers and enumerated values as they are, everything else hidden. */
export function showText(shape: Shape, text: string): string {
  const open = !shape.sensitive && (shape.enum !== undefined || shape.pattern !== undefined);
  if (!open || MATERIAL.test(text)) return HIDDEN;
  return text.length > LONGEST_SHOWN ? `'${text.slice(0, LONGEST_SHOWN)}…'` : `'${text}'`;
}

/** A failure in AWS's words. */
function describe({ path, shown, constraint }: Failure): string {
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** The ValidationException for all that is wrong with a request. */
export function validationException(failures: readonly Failure[]): AwsException {
  const fields: FieldError[] = failures.map(({ path, constraint }) => ({ path, message: constraint }));
  const errors = failures.length === 1 ? 'validation error' : 'validation errors';
  return invalid(`${failures.length} ${errors} detected: ${failures.map(describe).join('; ')}`, fields);
}
