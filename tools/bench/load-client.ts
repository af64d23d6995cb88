// Sends prepared requests over many connections, as fast as they are answered, and counts. A process of its own, as cheap as can
// be: raw sockets, prebuilt bytes, answers told by their length.
import { connect, type Socket } from 'node:net';

/** What the parent process sends. */
export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** Whole requests, head and body; all have answers of one length. */
  readonly requests: readonly Uint8Array[];
  /** Answers before the clock runs, so that the server's code has been compiled. */
  readonly warmUp: number;
  /** Milliseconds. */
  readonly time: number;
}

/** What it hears: `begun` and `ended` around the time that counts, then the result. */
export type LoadReport = 'begun' | 'ended' | LoadResult | { readonly failure: string };

export interface LoadResult {
  readonly answers: number;
  /** Milliseconds. */
  readonly time: number;
  readonly p50: number;
  readonly p99: number;
}

const MOST_SAMPLES = 4_000_000;
const STATUS_AT = 'HTTP/1.1 '.length;
const SUCCESS = '2'.charCodeAt(0);

const samples = new Float32Array(MOST_SAMPLES);
let answers = 0;
let answerLength = 0;

function tell(report: LoadReport): void {
  process.send!(report);
}

function fail(failure: string): void {
  process.send!({ failure }, () => process.exit(1));
}

function lengthOf(answer: Buffer): number {
  const end = answer.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)\r$/im.exec(answer.toString('latin1', 0, end + 2))?.[1];
  return end + 4 + Number(length);
}

function run({ port, requests }: LoadOrder, first: number): Socket {
  let next = first;
  let received = 0;
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    socket.write(requests[next]!);
    next = (next + 1) % requests.length;
  };
  const take = (count: number, bytes: Uint8Array): boolean => {
    if (received === 0 && bytes[STATUS_AT] !== SUCCESS)
      fail(Buffer.from(bytes.subarray(0, count)).toString());
    answerLength ||= lengthOf(Buffer.from(bytes.subarray(0, count)));
    received += count;
    if (received < answerLength) return true;
    if (received > answerLength) fail(`an answer of ${received} bytes, not ${answerLength}`);
    received = 0;
    samples[answers++ % MOST_SAMPLES] = performance.now() - sentAt;
    send();
    return true;
  };
  const onread = { buffer: Buffer.allocUnsafe(16_384), callback: take };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, send);
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('a connection was closed'));
  return socket;
}

function percentile(sorted: Float32Array, part: number): number {
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}

function measure(time: number): void {
  tell('begun');
  answers = 0;
  const begun = performance.now();
  setTimeout(() => {
    const measured = performance.now() - begun;
    tell('ended');
    const sorted = samples.slice(0, Math.min(answers, MOST_SAMPLES)).sort();
    const [p50, p99] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
    process.send!({ answers, time: measured, p50, p99 } satisfies LoadResult, () => process.exit(0));
  }, time);
}

process.once('message', (order: LoadOrder) => {
  for (let i = 0; i < order.connections; i += 1) run(order, i % order.requests.length);
  const timer = setInterval(() => {
    if (answers < order.warmUp) return;
    clearInterval(timer);
    measure(order.time);
  }, 10);
});
