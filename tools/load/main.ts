// Puts a fresh service under full load and checks every answer: `npm run load -- --minutes 10`. Exit status 1 on a wrong answer, or when the
// service's memory grew.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { ANY_CORE } from '../bench/pinned.ts';
import { startService } from '../bench/servers.ts';
import { type Endpoint, signedBytes } from '../bench/service-client.ts';
import { type BadRequest, makeBadRequests } from './bad-requests.ts';
import { Connection } from './connection.ts';
import { watchMemory } from './memory.ts';
import { type CheckedCall, makeMix } from './mix.ts';

const CONNECTIONS = 32;
/** One of so many requests is bad. */
const BAD_SHARE = 20;
/** Milliseconds; signatures are good for 15 minutes. */
const SIGNED_FOR = 5 * 60_000;
const PROGRESS_TIME = 10_000;
const MEGABYTE = 1024 * 1024;

const HELP = `Usage: npm run load -- [--minutes N] [--workers N]

Starts a service in a directory of its own, sends it all operations of the data plane and some of the control plane at
full rate, bad requests and cut connections in between, checks every answer, and watches its memory.

  --minutes N   how long (default 10)
  --workers N   processes of the service (default 1)`;

interface Signed {
  readonly call: CheckedCall;
  readonly bytes: Buffer;
}

/** What is sent, signed anew now and then. */
class Requests {
  good: Signed[] = [];
  bad: BadRequest[] = [];
  readonly #endpoint: Endpoint;
  readonly #mix: readonly CheckedCall[];

  constructor(endpoint: Endpoint, mix: readonly CheckedCall[]) {
    this.#endpoint = endpoint;
    this.#mix = mix;
  }

  async sign(): Promise<void> {
    const signed = this.#mix.map(async (call) => ({ call, bytes: await signedBytes(this.#endpoint, call) }));
    this.good = await Promise.all(signed);
    this.bad = await makeBadRequests(this.#endpoint);
  }
}

const counts = { answers: 0, refusals: 0, cuts: 0, wrong: 0 };
const byOperation = new Map<string, number>();

function wrong(what: string, why: string): void {
  counts.wrong += 1;
  if (counts.wrong <= 20) console.error(`WRONG: ${what}: ${why}`);
}

function pick<T>(all: readonly T[]): T {
  return all[randomInt(all.length)]!;
}

async function sendGood(connection: Connection, { call, bytes }: Signed): Promise<void> {
  const { status, body } = await connection.send(bytes);
  counts.answers += 1;
  byOperation.set(call.operation, (byOperation.get(call.operation) ?? 0) + 1);
  const fault = status === 200 ? call.check(JSON.parse(body)) : `status ${status}: ${body.slice(0, 300)}`;
  if (fault) wrong(call.operation, fault);
}

async function sendBad(connection: Connection, bad: BadRequest): Promise<void> {
  if (randomInt(4) === 0) {
    await connection.cut(bad.bytes.subarray(0, 1 + randomInt(Math.min(bad.bytes.length - 1, 2000))));
    counts.cuts += 1;
    return;
  }
  const { status, body } = await connection.send(bad.bytes);
  counts.refusals += 1;
  if (status !== bad.status || !body.includes(bad.says))
    wrong(bad.what, `status ${status}: ${body.slice(0, 300)}`);
  if (bad.ends) connection.close();
}

/** Sends one request after the other until the time is over. */
async function run(port: number, requests: Requests, until: number): Promise<void> {
  const connection = new Connection(port);
  while (Date.now() < until) {
    const bad = randomInt(BAD_SHARE) === 0 ? pick(requests.bad) : undefined;
    try {
      if (bad) await sendBad(connection, bad);
      else await sendGood(connection, pick(requests.good));
    } catch (error) {
      // A body that is refused before it was sent whole may be answered by the end of the connection alone.
      if (!bad?.ends) wrong(bad?.what ?? 'a request', String(error));
      connection.close();
    }
  }
  connection.close();
}

function report(seconds: number, memory: number): void {
  const { answers, refusals, cuts, wrong } = counts;
  const rate = Math.round((answers + refusals) / seconds);
  console.log(
    `${Math.round(seconds)} s: ${answers} answers checked, ${refusals} refusals checked, ${cuts} connections cut, ${wrong} wrong; ${rate} a second; service ${Math.round(memory / MEGABYTE)} MB`,
  );
}

async function load(minutes: number, workers: number): Promise<boolean> {
  await using service = await startService({ KEYWRIGHT_WORKERS: String(workers) }, ANY_CORE);
  const requests = new Requests(service, await makeMix(service));
  await requests.sign();
  const signing = setInterval(() => requests.sign(), SIGNED_FOR);
  const memory = watchMemory(service.pid);
  const started = Date.now();
  const progress = setInterval(() => report((Date.now() - started) / 1000, memory.now), PROGRESS_TIME);
  const until = started + minutes * 60_000;
  await Promise.all(Array.from({ length: CONNECTIONS }, () => run(service.port, requests, until)));
  for (const timer of [signing, progress]) clearInterval(timer);
  report((Date.now() - started) / 1000, memory.now);
  for (const [operation, count] of [...byOperation].sort()) console.log(`  ${operation.padEnd(32)} ${count}`);
  const { before, after, grew } = memory.growth();
  const [mb, then] = [Math.round(before / MEGABYTE), Math.round(after / MEGABYTE)];
  const verdict = grew === undefined ? 'too short a time to tell' : grew ? 'it GREW' : 'no growth';
  console.log(`memory after warm-up at most ${mb} MB, at the end at least ${then} MB: ${verdict}`);
  return counts.wrong === 0 && !grew;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    workers: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const [minutes, workers] = [Number(values.minutes), Number(values.workers)];
if (values.help) console.log(HELP);
else if (!(minutes > 0 && Number.isInteger(workers) && workers > 0)) {
  console.error(`load: --minutes must be more than 0, --workers a whole number from 1\n\n${HELP}`);
  process.exitCode = 2;
} else process.exitCode = (await load(minutes, workers)) ? 0 : 1;
