import { PERSON_NAME, PERSON_ROLES } from '../access/person.ts';
import type { Schema, Schemas } from './route.ts';

/** An object that has these members and no others; all of them but the optional ones. */
export function objectOf(properties: Schemas, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

export function listOf(items: Schema, least = 0): Schema {
  return { type: 'array', items, ...(least > 0 && { minItems: least, uniqueItems: true }) };
}

export const TEXT: Schema = { type: 'string' };
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const NAME: Schema = {
  type: 'string',
  pattern: PERSON_NAME,
  description: '2 to 64 lower-case letters, digits, dots, underscores and dashes; a letter comes first',
};
/** For signing in: any text, so that a refusal tells nothing of names. */
export const ANY_NAME: Schema = { type: 'string', maxLength: 256 };
export const ROLES: Schema = listOf({ enum: PERSON_ROLES }, 1);
export const PASSWORD: Schema = { type: 'string', maxLength: 1024, format: 'password' };
export const ONE_TIME_PASSWORD: Schema = { type: 'string', pattern: '^[0-9]{6}$', format: 'password' };
export const NOTHING: Schema = objectOf({});

/** A person as everybody may see him: no credential among it. */
export const PERSON: Schema = objectOf(
  {
    name: NAME,
    arn: TEXT,
    roles: ROLES,
    status: { enum: ['invited', 'enrolling', 'active', 'disabled'] },
    createdAt: TIME,
    passwordChangedAt: TIME,
  },
  ['passwordChangedAt'],
);

/** Milliseconds since 1970, as answers have times. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}
