import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { SealedError } from '../custody/main-key.ts';
import { guard } from '../dual-control/guard.ts';
import { mayNeedApproval } from '../dual-control/policy.ts';
import { ownRoutes } from '../own-api/index.ts';
import type { ClosedRoute, OwnContext, OwnRoute } from '../own-api/route.ts';
import { objectOf } from '../own-api/schemas.ts';
import type { Service } from './dispatch.ts';
import { openApiDocument, PREFIX } from './open-api.ts';
import { authorize, regionOf } from './own-request.ts';
import { parseInput } from './parse-input.ts';
import { schemaFailure } from './schema-failure.ts';

/** What a request must be like; a GET has no body, every other one has an object. */
function schemaOf({ method, params = {}, query = {}, body = {}, optional }: OwnRoute): FastifySchema {
  return {
    params: objectOf(params, optional),
    querystring: objectOf(query, optional),
    ...(method !== 'GET' && { body: objectOf(body, optional) }),
  };
}

/** What of an input those who decide may see: all but what the schemas call a password. */
function shown({ params, query, body }: OwnRoute, input: object): object {
  const schemas = { ...query, ...body, ...params };
  const hidden = (name: string) => schemas[name]?.format === 'password';
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, hidden(name) ? '***' : value]),
  );
}

/** Where dual control asks for it, only once others have approved it. */
async function runClosed(route: ClosedRoute, input: object, context: OwnContext): Promise<object> {
  const { name } = route;
  // Who may approve is sealed as well; what answers then is what unseals, and takes several custodians by itself.
  if (context.vault.isSealed) return route.run(input, context);
  const policy = await context.dualControl.current();
  if (!policy.enabled) return route.run(input, context);
  if (!mayNeedApproval(policy, name) && context.principal.kind !== 'operator')
    return route.run(input, context);
  await route.check?.(input, context);
  const keys = (await route.keys?.(input, context)) ?? [];
  const action = {
    name,
    input,
    shownInput: shown(route, input),
    keys,
    usages: keys.map(({ usage }) => usage),
  };
  return guard(action, context, (grant) => route.run(input, { ...context, grant }));
}

async function run(
  route: OwnRoute,
  { context, custody, mainKeyRotation, createBackup }: Service,
  request: FastifyRequest,
): Promise<object> {
  const { query, body, params } = request as { query: object; body: object; params: object };
  const input = { ...query, ...body, ...params };
  const noteKey = (arn: string) => request.call.noteKey(arn);
  const means = { ...context, custody, mainKeyRotation, createBackup, noteKey };
  if (route.to === 'anybody') return route.run(input, { ...means, region: regionOf(request) });
  const { principal, region, token, identity } = request.own!;
  return runClosed(route, input, {
    ...means,
    region,
    principal,
    identity,
    caller: principal.arn,
    token,
  });
}

function addRoute(server: FastifyInstance, service: Service, route: OwnRoute): void {
  const { name, method, path, mediaType } = route;
  server.route({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    config: { name, route },
    schema: schemaOf(route),
    handler: async (request, reply) => {
      const answer = await run(route, service, request);
      if (mediaType !== undefined) reply.type(mediaType);
      return answer;
    },
  });
}

/**
 * The service's own interface, beside AWS's: for all that AWS has no operation for. Who asks is known before a byte of the body is
 * parsed; then the route's schemas, which the OpenAPI document is made from too, validate the request.
 */
export function addOwnInterface(server: FastifyInstance, service: Service): void {
  server.decorateRequest('own', undefined);
  server.register(
    async (own) => {
      // A signature is over the bytes, so they are kept until it is verified.
      own.removeAllContentTypeParsers();
      own.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      own.setSchemaErrorFormatter(schemaFailure);
      own.addHook('preValidation', async (request) => {
        await service.refresh();
        const { route } = request.routeOptions.config;
        if (service.context.vault.isSealed && !route?.whenSealed) throw new SealedError();
        if (route && route.to !== 'anybody') request.own = await authorize(route, service, request);
        request.body = parseInput({}, (request.body as Buffer | undefined) ?? Buffer.alloc(0));
      });
      own.get('/openapi.json', { config: { name: 'GetOpenApi' } }, async () => openApiDocument());
      for (const route of ownRoutes) addRoute(own, service, route);
    },
    { prefix: PREFIX },
  );
}
