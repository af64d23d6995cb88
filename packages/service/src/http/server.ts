import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Service } from './dispatch.ts';
import {
  CONTENT_TYPES,
  errorAnswer,
  isFault,
  ownErrorAnswer,
  toException,
  unknownOperation,
} from './errors.ts';
import { addHealth } from './health.ts';
import type { Log } from './log.ts';
import { PREFIX } from './open-api.ts';
import { addAudit, openOwnCall, recordNoHttp } from './own-audit.ts';
import { addOwnInterface } from './own-interface.ts';
import { PlaneServer } from './plane-server.ts';
import { answerPlanes } from './planes.ts';
import { LARGEST_BODY } from './read-request.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** By `performance.now()`. */
    arrivedAt: number;
  }
}

/** Milliseconds that a client has for its headers and for its whole request; an idle connection stays this long. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 60_000 };

/** What is no HTTP at all never reaches a handler; it is recorded, gets an answer and loses the connection. */
function refuseConnection({ context }: Service, socket: Socket): void {
  if (!socket.writable) return;
  const requestId = randomUUID();
  recordNoHttp(context, socket, requestId);
  const head = ['HTTP/1.1 400 Bad Request', `x-amzn-RequestId: ${requestId}`, 'Content-Length: 0'];
  socket.end([...head, 'Connection: close', '', ''].join('\r\n'));
}

function logRequest(log: Log, request: FastifyRequest, status: number, code?: string): void {
  const { id: requestId, arrivedAt, routeOptions } = request;
  const milliseconds = Math.round((performance.now() - arrivedAt) * 1000) / 1000;
  log.request({ requestId, operation: routeOptions.config?.name, code, status, milliseconds });
}

/** What is neither the planes' nor the service's own interface's is answered as the data plane is. */
async function sendError(
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): Promise<FastifyReply> {
  const exception = toException(error, request.id);
  await request.call.fail(exception);
  if (isFault(exception)) log.failure(error, request.id);
  const own = request.url.startsWith(`${PREFIX}/`);
  const { status, headers, body } = own
    ? ownErrorAnswer(exception, request.id)
    : errorAnswer(exception, 'data');
  logRequest(log, request, status, exception.code);
  reply
    .code(status)
    .headers({ ...headers, 'x-amzn-requestid': request.id, 'content-type': CONTENT_TYPES.data });
  return reply.send(Buffer.from(JSON.stringify(body)));
}

/** A path that is not well escaped; no hook ever sees it. */
function sendBadPath({ context }: Service, log: Log, request: FastifyRequest, reply: FastifyReply): void {
  request.arrivedAt = performance.now();
  request.call = openOwnCall(context, request);
  void sendError(log, request, reply, unknownOperation());
}

/** Each answer has its request id; those of routes with a name are logged. */
function addEvents(server: FastifyInstance, log: Log): void {
  server.decorateRequest('arrivedAt', 0);
  server.addHook('onRequest', async (request, reply) => {
    request.arrivedAt = performance.now();
    reply.header('x-amzn-requestid', request.id);
  });
  server.addHook('onSend', async (request, { statusCode }) => {
    const { name } = request.routeOptions.config;
    if (name !== undefined && statusCode < 400) logRequest(log, request, statusCode);
  });
}

/**
 * One server for everything. AWS's planes, where speed matters, are answered without a framework (planes.ts); what is not theirs, the
 * service's own interface and the health checks, is Fastify's.
 */
export function createServer(service: Service, log: Log): FastifyInstance {
  const server = fastify({
    serverFactory: (otherwise) => new PlaneServer(TIMEOUTS, answerPlanes(service, log), otherwise),
    bodyLimit: LARGEST_BODY,
    genReqId: () => randomUUID(),
    return503OnClosing: false,
    clientErrorHandler: (_error, socket) => refuseConnection(service, socket),
    frameworkErrors: (_error, request, reply) => sendBadPath(service, log, request, reply),
    // A format on a list or an object says that it is as secret as a password.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, strictTypes: false } },
  });
  addEvents(server, log);
  addAudit(server, service.context);
  server.setErrorHandler((error, request, reply) => sendError(log, request, reply, error));
  server.setNotFoundHandler((request, reply) => sendError(log, request, reply, unknownOperation()));
  addHealth(server, service.context, log);
  addOwnInterface(server, service);
  return server;
}
