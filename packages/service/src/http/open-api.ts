import { ownRoutes } from '../own-api/index.ts';
import type { OwnRoute, Schema, Schemas } from '../own-api/route.ts';
import { objectOf } from '../own-api/schemas.ts';
import { EXCEPTION_CODES } from './errors.ts';

export const PREFIX = '/keywright/v1';

const JSON_TYPE = 'application/json';

const ERROR: Schema = {
  type: 'object',
  description: 'What went wrong; docs/errors.md says what each code means. A code may bring further members.',
  properties: {
    code: { enum: EXCEPTION_CODES },
    message: { type: 'string' },
    requestId: { type: 'string', format: 'uuid' },
  },
  required: ['code', 'message', 'requestId'],
};

const SECURITY = {
  session: { type: 'http', scheme: 'bearer', description: 'The token of POST /sessions' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4 with an access key; service payment-cryptography',
  },
};

const KEY_HOLDERS = ['operator', 'machine', 'member'];

function parameters(schemas: Schemas = {}, place: 'path' | 'query', optional: readonly string[] = []) {
  return Object.entries(schemas).map(([name, schema]) => {
    return { name, in: place, required: !optional.includes(name), schema };
  });
}

function securityOf({ to }: OwnRoute): object[] {
  if (to === 'anybody') return [];
  const people = to.some((audience) => !KEY_HOLDERS.includes(audience));
  const keys = to.some((audience) => KEY_HOLDERS.includes(audience));
  return [...(people ? [{ session: [] }] : []), ...(keys ? [{ signature: [] }] : [])];
}

function describe(route: OwnRoute): object {
  const { name, tag, summary, to, params, query, body, optional, answer, mediaType = JSON_TYPE } = route;
  const audience = to === 'anybody' ? 'everybody' : to.join(', ');
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `For: ${audience}.`,
    security: securityOf(route),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query', optional)],
    ...(body && {
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: objectOf(body, optional) } } },
    }),
    responses: {
      200: { description: 'Done', content: { [mediaType]: { schema: answer } } },
      default: {
        description: 'Refused or failed',
        content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

/** The description of the service's own interface (OpenAPI 3.1), from the very schemas that validate its requests. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ownRoutes) {
    const path = `${PREFIX}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Keywright',
      version: '1',
      summary: 'What the service does beside the interface of AWS Payment Cryptography',
    },
    paths,
    components: { schemas: { Error: ERROR }, securitySchemes: SECURITY },
  };
}
