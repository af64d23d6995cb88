import { makeHotCalls } from './hot-calls.ts';
import { type Measured, measureInTurns, type Subject } from './load.ts';
import type { Row } from './row.ts';
import { startBareServer, startService } from './servers.ts';
import { signedBytes } from './service-client.ts';

/** Enough to keep two workers busy: with fewer, each has too few to fill a commit of the audit, and waits for the client. */
const CONNECTIONS = 64;

export const title = `signed TranslatePinData by two workers against one, and bare node:http by two (node:cluster) against one: what the machine allows; ${CONNECTIONS} connections; as many cores as workers, which the client shares`;

const WORKERS = [1, 2] as const;

const coresFor = (workers: number) => Array.from({ length: workers }, (_, core) => core).join(',');

async function startWorkers(workers: number, opened: AsyncDisposableStack): Promise<Subject> {
  const cores = coresFor(workers);
  const server = opened.use(await startService({ KEYWRIGHT_WORKERS: String(workers) }, cores));
  const [translatePin] = await makeHotCalls(server);
  const request = await signedBytes(server, translatePin!);
  return { server, request, cores, connections: CONNECTIONS };
}

async function startBare(workers: number, request: Buffer, opened: AsyncDisposableStack): Promise<Subject> {
  const cores = coresFor(workers);
  const server = opened.use(await startBareServer('echo', cores, workers));
  return { server, request, cores, connections: CONNECTIONS };
}

/**
 * `at full cores` is what as many cores as there are workers would answer if the service had them to itself: the workers over the processor
 * time of a request, all its processes counted. What workers cost each other shows in it; what the client takes from them does not.
 */
function* rowsOf(name: string, measured: readonly Measured[]): Iterable<Row> {
  const full = measured.map(({ cpu }, i) => (WORKERS[i]! * 1e6) / cpu);
  for (const [i, { rate, cpu, p50, p99 }] of measured.entries()) {
    yield {
      '': name,
      workers: WORKERS[i]!,
      'a second': Math.round(rate),
      'of one': (rate / measured[0]!.rate).toFixed(2),
      'CPU, µs': cpu.toFixed(1),
      'at full cores': Math.round(full[i]!),
      ' of one': (full[i]! / full[0]!).toFixed(2),
      'p50, ms': p50.toFixed(2),
      'p99, ms': p99.toFixed(2),
    };
  }
}

export async function* run(): AsyncIterable<Row> {
  await using opened = new AsyncDisposableStack();
  const services = await Promise.all(WORKERS.map((workers) => startWorkers(workers, opened)));
  const { request } = services[0]!;
  const bare = await Promise.all(WORKERS.map((workers) => startBare(workers, request, opened)));
  const measured = await measureInTurns([...services, ...bare]);
  yield* rowsOf('signed TranslatePinData', measured.slice(0, WORKERS.length));
  yield* rowsOf('bare node:http, body echoed', measured.slice(WORKERS.length));
}
