import type { FastifySchemaValidationError } from 'fastify/types/schema.js';

/** What a schema has against a request, by keyword, where ajv's own words don't say what would be right. */
const WORDS: Readonly<Record<string, (error: FastifySchemaValidationError) => string | undefined>> = {
  enum: ({ params }) => `must be one of ${(params.allowedValues as string[]).join(', ')}`,
  // Its name is the client's, and could be anything.
  additionalProperties: () => 'has a member that this request does not know',
};

/**
 * The first thing that is wrong: where, and what would be right; never the value.
 *
 * @param part `body`, `params` or `querystring`
 */
export function schemaFailure(errors: readonly FastifySchemaValidationError[], part: string): Error {
  const [error] = errors as [FastifySchemaValidationError];
  const words = WORDS[error.keyword]?.(error) ?? error.message ?? 'is not as it must be';
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  return new Error(`${path || (part === 'body' ? 'The body' : `The ${part}`)} ${words}`);
}
