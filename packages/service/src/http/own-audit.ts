import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Call } from '../audit/call.ts';
import { OWN_SOURCE } from '../audit/event.ts';
import { originOf } from '../audit/identity.ts';
import { redactMembers } from '../audit/redaction.ts';
import type { ServiceContext } from './dispatch.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the audit will say of it. */
    call: Call;
  }
}

/** The record of a request that is not of AWS's planes. What is not a GET changes something. */
export function openOwnCall({ audit, account, now }: ServiceContext, request: FastifyRequest): Call {
  const { id: requestId, headers, socket, method, routeOptions } = request;
  return new Call(audit, {
    at: now(),
    requestId,
    account,
    origin: originOf(socket.remoteAddress, headers['user-agent']),
    authorization: headers.authorization,
    eventSource: OWN_SOURCE,
    eventName: routeOptions.config?.name ?? 'UnknownOperation',
    readOnly: method === 'GET',
    category: 'Management',
  });
}

/** What came over a connection and is no request at all. */
export function recordNoHttp(
  { audit, account, now }: ServiceContext,
  socket: Socket,
  requestId: string,
): void {
  const call = new Call(audit, {
    at: now(),
    requestId,
    account,
    origin: originOf(socket.remoteAddress, undefined),
    authorization: undefined,
    eventSource: OWN_SOURCE,
    eventName: 'UnknownOperation',
    readOnly: true,
    category: 'Management',
  });
  void call.fail({ code: 'SerializationException', message: 'The request is not well-formed HTTP.' });
}

/**
 * The members of requests and answers that are recorded, whichever route has them. All others are not: among them are passwords,
 * codes, tokens and components.
 */
const RECORDED = [
  'id',
  'name',
  'roles',
  'status',
  'members',
  'threshold',
  'teamArn',
  'sessionId',
  'sessionArn',
  'operation',
  'requester',
  'approvedBy',
  'deniedBy',
  'keyArn',
  'accessKeyId',
  'user',
  'owner',
  'active',
  'policy',
  'action',
  'operator',
  'hoursToDecide',
  'hoursToUse',
  'expiresAt',
] as const;

function membersOf({ query, body, params }: FastifyRequest): Record<string, unknown> {
  return { ...Object(query), ...Object(body), ...Object(params) };
}

/** Every request to a route with a name is recorded; what it changes, before it changes and before it is answered. */
export function addAudit(server: FastifyInstance, context: ServiceContext): void {
  const isNamed = ({ routeOptions }: FastifyRequest) => routeOptions.config.name !== undefined;
  server.addHook('onRequest', async (request) => {
    request.call = openOwnCall(context, request);
  });
  server.addHook('preHandler', async (request) => {
    if (!isNamed(request)) return;
    request.call.describe(redactMembers(membersOf(request), RECORDED));
    await request.call.begin();
  });
  server.addHook('preSerialization', async (request, { statusCode }, answer) => {
    if (isNamed(request) && statusCode < 400)
      await request.call.succeed(redactMembers(Object(answer), RECORDED));
    return answer;
  });
  // Answers that are no objects.
  server.addHook('onSend', async (request, { statusCode }, payload) => {
    if (isNamed(request) && statusCode < 400 && !request.call.hasEnded) await request.call.succeed();
    return payload;
  });
}
