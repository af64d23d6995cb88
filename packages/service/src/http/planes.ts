import { randomUUID } from 'node:crypto';
import type { AwsException } from '../api/exceptions.ts';
import type { Plane } from '../api/model.ts';
import { Call } from '../audit/call.ts';
import { AWS_SOURCE } from '../audit/event.ts';
import { originOf } from '../audit/identity.ts';
import { isReadOnly } from '../operations/effects.ts';
import { type DispatchedRequest, dispatch, type Service } from './dispatch.ts';
import { CONTENT_TYPES, errorAnswer, isFault, toException, unknownOperation } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Log } from './log.ts';
import type { AnswerPlanes } from './plane-server.ts';
import { findRoute, isControlPlane, type Route } from './route.ts';
import { dispatchSample, findSampleRoute, type SampleRoute } from './samples.ts';

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
  const run = (request: DispatchedRequest, call: Call) => dispatch(service, route, request, call);
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
function findTask(service: Service, { method, url, headers }: Exchange): Task | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  const route = findRoute(method, path, headers['x-amz-target']);
  if (route) return operationTask(service, route);
  if (!isControlPlane(method, path)) return undefined;
  const sample = findSampleRoute(service, headers);
  return sample ? sampleTask(service, sample) : NO_OPERATION;
}

/** A request that is being answered. */
interface Answering {
  readonly exchange: Exchange;
  readonly task: Task;
  readonly requestId: string;
}

/** Answers an error; the body says no more of it than errors.ts and log.ts allow. @returns the status */
function answerError({ exchange, task, requestId }: Answering, exception: AwsException): number {
  const { status, headers, body } = errorAnswer(exception, task.plane);
  const text = task.writeError?.(exception, requestId) ?? JSON.stringify(body);
  exchange.answer(
    status,
    { 'x-amzn-requestid': requestId, 'content-type': task.contentType, ...headers },
    text,
  );
  return status;
}

/** The record of a request, to be completed while it is carried out. */
function openCall(
  { context: { audit, account, now } }: Service,
  { exchange, task, requestId }: Answering,
): Call {
  const { plane, name: eventName = 'UnknownOperation', readOnly, eventSource = AWS_SOURCE } = task;
  const { headers, remoteAddress } = exchange;
  return new Call(audit, {
    at: now(),
    requestId,
    account,
    origin: originOf(remoteAddress, headers['user-agent']),
    authorization: headers.authorization,
    eventSource,
    eventName,
    readOnly,
    category: plane === 'control' ? 'Management' : 'Data',
  });
}

async function carryOut(service: Service, answering: Answering, log: Log): Promise<void> {
  const arrivedAt = performance.now();
  const { exchange, task, requestId } = answering;
  const call = openCall(service, answering);
  let code: string | undefined;
  let status = 200;
  try {
    const { method, url, headers } = exchange;
    const body = await task.run({ method, url, headers, body: await exchange.readBody() }, call, requestId);
    exchange.answer(status, { 'x-amzn-requestid': requestId, 'content-type': task.contentType }, body);
  } catch (error) {
    const exception = toException(error, requestId);
    if (isFault(exception)) log.failure(error, requestId);
    code = exception.code;
    await call.fail(exception);
    status = answerError(answering, exception);
  }
  const milliseconds = Math.round((performance.now() - arrivedAt) * 1000) / 1000;
  log.request({ requestId, operation: task.name, code, status, milliseconds });
}

/**
 * Answers the requests to both planes of AWS's protocol by themselves, with no framework between; paths are matched as the client
 * escaped them (route.ts).
 */
export function answerPlanes(service: Service, log: Log): AnswerPlanes {
  return (exchange) => {
    const task = findTask(service, exchange);
    if (task) void carryOut(service, { exchange, task, requestId: randomUUID() }, log);
    return task !== undefined;
  };
}
