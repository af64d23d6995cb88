import { type DestinationStream, pino } from 'pino';
import { remembered } from '../memo.ts';

/** A request that was answered. */
export interface RequestEvent {
  readonly requestId: string;
  /** The operation's name in the model, or in the service's own interface; none when the request named no operation. */
  readonly operation: string | undefined;
  /** The exception's code, when it failed. */
  readonly code: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
}

/** The events that may be logged, each with the fields that it may have. Nothing of a request's content is among them. */
export interface Log {
  request(event: RequestEvent): void;
  /** Which cipher engine works, once at start. */
  cipherEngine(engine: string): void;
  /** Something failed that shouldn't have; `requestId` when it was a request. */
  failure(error: unknown, requestId?: string): void;
  /** A worker process ended that shouldn't have, with a status or by a signal; another takes its place. */
  workerEnded(event: {
    readonly pid: number | undefined;
    readonly status: number | null;
    readonly signal: string | null;
  }): void;
}

const FRAME = /^ {4}at .*$/gm;
const CODE = /^[A-Z][A-Z0-9_]*$/;

/** What may be logged of an error: not its message, which may hold anything, nor the copy of it that opens the stack. */
function describe(error: unknown): { name: string; code?: string; stack?: string[] } {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').replace(error.message, '').match(FRAME) ?? [];
  return {
    name: error.constructor.name,
    ...(typeof code === 'string' && CODE.test(code) && { code }),
    stack: frames.map((frame) => frame.trim()),
  };
}

/** Bytes that are written at once: what POSIX lets a pipe take undivided, for workers share one. */
const CHUNK = 4096;
/** Milliseconds that a line waits for others at most. */
const WAIT = 100;

/** Standard error, written some lines at a time; what waits is written when the process ends. */
export function bufferedStandardError(): DestinationStream & { flush(): void } {
  const destination = pino.destination({ dest: 2, sync: true });
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') destination.write(lines);
    lines = '';
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (lines.length + line.length > CHUNK) flush();
      lines += line;
      timer ??= setTimeout(flush, WAIT).unref();
    },
    flush,
  };
}

/** pino's number for "info". */
const INFO = 30;

const startOf = remembered((operation) => {
  const named = operation === '' ? '' : `,"operation":"${operation}"`;
  return `{"level":${INFO},"event":"request"${named},"time":`;
});

/**
 * The line of a request, as pino would write it at three times the cost: none of the texts in it comes from outside, so that nothing has to be
 * escaped.
 */
function requestLine({ requestId, operation = '', code, status, milliseconds }: RequestEvent): string {
  const failed = code === undefined ? '' : `,"code":"${code}"`;
  return `${startOf(operation)}${Date.now()},"requestId":"${requestId}"${failed},"status":${status},"milliseconds":${milliseconds}}\n`;
}

/** Writes events as one line of JSON each. */
export function createLog(destination: DestinationStream): Log {
  const log = pino({ base: null }, destination);
  return {
    request: (event) => destination.write(requestLine(event)),
    cipherEngine: (engine) => log.info({ event: 'cipher-engine', engine }),
    failure: (error, requestId) => {
      log.error({ event: 'failure', requestId, error: describe(error) });
      log.flush();
    },
    workerEnded: ({ pid, status, signal }) => {
      log.error({ event: 'workerEnded', pid, status, signal });
      log.flush();
    },
  };
}
