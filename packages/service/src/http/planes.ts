import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AwsException } from '../api/exceptions.ts';
import type { Plane } from '../api/model.ts';
import { Call } from '../audit/call.ts';
import { AWS_SOURCE } from '../audit/event.ts';
import { originOf } from '../audit/identity.ts';
import { isReadOnly } from '../operations/effects.ts';
import { type DispatchedRequest, dispatch, type Service } from './dispatch.ts';
import { CONTENT_TYPES, errorAnswer, isFault, toException, unknownOperation } from './errors.ts';
import type { Log } from './log.ts';
import { readBody, readHeaders } from './read-request.ts';
import { findRoute, isControlPlane, type Route } from './route.ts';
import { dispatchSample, findSampleRoute, type SampleRoute } from './samples.ts';

/** What node:http calls with each request. */
export type Listener = (this: Server, request: IncomingMessage, response: ServerResponse) => void;

/** What a request to the planes asks for, and how its answer is written. */
interface Task {
  readonly plane: Plane;
  /** The operation's name, for the log. */
  readonly name: string | undefined;
  readonly contentType: string;
  readonly readOnly: boolean;
  /** For the audit; Payment Cryptography's unless given. */
  readonly eventSource?: string;
  /** @returns the body of the answer */
  run(request: DispatchedRequest, call: Call, requestId: string): Promise<string>;
  /** The body of a refusal, where it is not the plane's own. */
  writeError?(exception: AwsException, requestId: string): string;
}

function operationTask(service: Service, route: Route): Task {
  const { name, plane } = route.operation;
  const run = async (request: DispatchedRequest, call: Call) =>
    JSON.stringify(await dispatch(service, route, request, call));
  return { plane, name, contentType: CONTENT_TYPES[plane], readOnly: isReadOnly(name), run };
}

function sampleTask(service: Service, route: SampleRoute): Task {
  return {
    plane: 'control',
    name: route.service.signingName,
    contentType: route.protocol.contentType,
    // What they make is in memory only.
    readOnly: true,
    eventSource: `${route.service.signingName}.amazonaws.com`,
    run: (request, call, requestId) => dispatchSample(service, route, request, call, requestId),
    writeError: route.protocol.writeError,
  };
}

const NO_OPERATION: Task = {
  plane: 'control',
  name: undefined,
  contentType: CONTENT_TYPES.control,
  readOnly: true,
  run: async () => {
    throw unknownOperation();
  },
};

/** The services that AWS's samples use share the address of the control plane; undefined for what is none of the planes'. */
function findTask(service: Service, request: IncomingMessage): Task | undefined {
  const { method = '', url = '', headers } = request;
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const route = findRoute(method, path, headers['x-amz-target'] as string | undefined);
  if (route) return operationTask(service, route);
  if (!isControlPlane(method, path)) return undefined;
  const sample = findSampleRoute(service, headers);
  return sample ? sampleTask(service, sample) : NO_OPERATION;
}

/** A request that is being answered. */
interface Exchange {
  readonly server: Server;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

function send(
  { server, request, response, requestId }: Exchange,
  contentType: string,
  body: string,
  status = 200,
  more: Readonly<Record<string, string>> = {},
): void {
  // What is left of a body that nobody will read must not be taken for the next request; and a server that closes, which
  // no longer listens, has no next request.
  response.shouldKeepAlive &&= request.complete && server.listening;
  const length = Buffer.byteLength(body);
  response.writeHead(status, {
    'x-amzn-requestid': requestId,
    'content-type': contentType,
    'content-length': length,
    ...more,
  });
  // ASCII, as nearly every body is, goes out by a shorter way than what has to be encoded.
  response.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** Answers an error; the body and the log say no more of it than errors.ts and log.ts allow. */
function sendError(
  exchange: Exchange,
  { plane, contentType, writeError }: Task,
  exception: AwsException,
): void {
  const { status, headers, body } = errorAnswer(exception, plane);
  const text = writeError?.(exception, exchange.requestId) ?? JSON.stringify(body);
  send(exchange, contentType, text, status, headers);
}

/** The record of a request, to be completed while it is carried out. */
function openCall({ context: { audit, account, now } }: Service, task: Task, exchange: Exchange): Call {
  const { plane, name: eventName = 'UnknownOperation', readOnly, eventSource = AWS_SOURCE } = task;
  const { headers, socket } = exchange.request;
  return new Call(audit, {
    at: now(),
    requestId: exchange.requestId,
    account,
    origin: originOf(socket.remoteAddress, headers['user-agent']),
    authorization: headers.authorization,
    eventSource,
    eventName,
    readOnly,
    category: plane === 'control' ? 'Management' : 'Data',
  });
}

async function carryOut(service: Service, exchange: Exchange, task: Task, log: Log): Promise<void> {
  const arrivedAt = performance.now();
  const { request, response, requestId } = exchange;
  const { method = '', url = '' } = request;
  const call = openCall(service, task, exchange);
  let code: string | undefined;
  try {
    const body = await readBody(request);
    const received = { method, url, headers: readHeaders(request), body };
    send(exchange, task.contentType, await task.run(received, call, requestId));
  } catch (error) {
    const exception = toException(error, requestId);
    if (isFault(exception)) log.failure(error, requestId);
    code = exception.code;
    await call.fail(exception);
    sendError(exchange, task, exception);
  }
  const milliseconds = Math.round((performance.now() - arrivedAt) * 1000) / 1000;
  log.request({ requestId, operation: task.name, code, status: response.statusCode, milliseconds });
}

/**
 * Answers the requests to both planes of AWS's protocol by themselves, with no framework between; paths are matched as the client
 * escaped them (route.ts). All else goes to `otherwise`.
 */
export function answerPlanes(service: Service, log: Log, otherwise: Listener): Listener {
  return function (request, response) {
    const task = findTask(service, request);
    if (task === undefined) otherwise.call(this, request, response);
    else void carryOut(service, { server: this, request, response, requestId: randomUUID() }, task, log);
  };
}
