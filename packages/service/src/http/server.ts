import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Plane } from '../api/model.ts';
import { type ApprovalRoute, dispatchApproval, findApprovalRoute } from './approvals.ts';
import { dispatch, type Service } from './dispatch.ts';
import { CONTENT_TYPES, errorAnswer, isFault, toException, unknownOperation } from './errors.ts';
import { addHealth, HEALTH_PATHS } from './health.ts';
import type { Log } from './log.ts';
import { findRoute, isControlPlane, type Route } from './route.ts';
import { dispatchSample, findSampleRoute, type SampleRoute } from './samples.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** By `performance.now()`. */
    arrivedAt: number;
  }
}

const LARGEST_BODY = 1024 * 1024;
const NO_BODY = Buffer.alloc(0);

/** Milliseconds that a client has for its headers and for its whole request; an idle connection stays this long. */
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
const KEEP_ALIVE_TIMEOUT = 60_000;

function pathOf(request: FastifyRequest): string {
  return request.originalUrl.split('?', 1)[0]!;
}

function routeOf(request: FastifyRequest): Route | undefined {
  return findRoute(request.method, pathOf(request), request.headers['x-amz-target'] as string | undefined);
}

function approvalRouteOf(request: FastifyRequest): ApprovalRoute | undefined {
  return findApprovalRoute(request.method, pathOf(request));
}

/** The services that AWS's samples use share the address of the control plane. */
function sampleRouteOf(service: Service, request: FastifyRequest): SampleRoute | undefined {
  if (!isControlPlane(request.method, pathOf(request)) || routeOf(request)) return undefined;
  return findSampleRoute(service, request.headers);
}

/** What the log calls the operation that a request asks for. */
function nameOf(service: Service, request: FastifyRequest): string | undefined {
  const name = routeOf(request)?.operation.name ?? approvalRouteOf(request)?.name;
  return name ?? sampleRouteOf(service, request)?.service.signingName;
}

function logRequest(log: Log, reply: FastifyReply, operation?: string, code?: string): void {
  const { id: requestId, arrivedAt } = reply.request;
  const milliseconds = Math.round((performance.now() - arrivedAt) * 1000) / 1000;
  log.request({ requestId, operation, code, status: reply.statusCode, milliseconds });
}

/** As bytes: to a text the framework would add a character set, which the protocols' content types don't have. */
function sendText(reply: FastifyReply, contentType: string, body: string): FastifyReply {
  return reply.header('content-type', contentType).send(Buffer.from(body));
}

function sendJson(reply: FastifyReply, plane: Plane, body: unknown): FastifyReply {
  return sendText(reply, CONTENT_TYPES[plane], JSON.stringify(body));
}

/** Answers an error and logs it; the body and the log say no more of it than errors.ts and log.ts allow. */
function sendError(
  service: Service,
  log: Log,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): void {
  const exception = toException(error, request.id);
  if (isFault(exception)) log.failure(error, request.id);
  const plane = isControlPlane(request.method, pathOf(request)) ? 'control' : 'data';
  const { status, headers, body } = errorAnswer(exception, plane);
  const sample = sampleRouteOf(service, request)?.protocol;
  reply.code(status).headers(headers);
  if (sample) sendText(reply, sample.contentType, sample.writeError(exception, request.id));
  else sendJson(reply, plane, body);
  logRequest(log, reply, nameOf(service, request), exception.code);
}

function addOperations(server: FastifyInstance, service: Service, log: Log): void {
  server.all('/', async (request, reply) => {
    const { method, originalUrl: url, raw } = request;
    const body = (request.body as Buffer | undefined) ?? NO_BODY;
    const received = { method, url, headers: raw.headersDistinct, body };
    const [route, approval, sample] = [
      routeOf(request),
      approvalRouteOf(request),
      sampleRouteOf(service, request),
    ];
    if (route) sendJson(reply, route.operation.plane, await dispatch(service, route, received));
    else if (approval) sendJson(reply, 'data', await dispatchApproval(service, approval, received));
    else if (sample) {
      const answer = await dispatchSample(service, sample, received, request.id);
      sendText(reply, sample.protocol.contentType, answer);
    } else throw unknownOperation();
    logRequest(log, reply, nameOf(service, request));
    return reply;
  });
}

/** What is no HTTP at all never reaches a handler; it gets an answer and loses the connection. */
function refuseConnection(_error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const head = ['HTTP/1.1 400 Bad Request', `x-amzn-RequestId: ${randomUUID()}`, 'Content-Length: 0'];
  socket.end([...head, 'Connection: close', '', ''].join('\r\n'));
}

/**
 * Both planes, the service's own interface and the health checks on one server. Paths are matched as the client escaped them (route.ts): the
 * framework's own router would decode the %2F of an alias first, so it sees a single path.
 */
export function createServer(service: Service, log: Log): FastifyInstance {
  const server = fastify({
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: { headersTimeout: HEADERS_TIMEOUT },
    genReqId: () => randomUUID(),
    rewriteUrl: ({ url = '/' }) => (HEALTH_PATHS.has(url) ? url : '/'),
    return503OnClosing: false,
    clientErrorHandler: refuseConnection,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.decorateRequest('arrivedAt', 0);
  server.addHook('onRequest', (request, reply, done) => {
    request.arrivedAt = performance.now();
    reply.header('x-amzn-requestid', request.id);
    done();
  });
  server.setErrorHandler((error, request, reply) => sendError(service, log, request, reply, error));
  server.setNotFoundHandler((request, reply) => sendError(service, log, request, reply, unknownOperation()));
  addHealth(server, service.context.store, log);
  addOperations(server, service, log);
  return server;
}
