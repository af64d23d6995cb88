import { makeHotCalls } from './hot-calls.ts';
import { CONNECTIONS, measureInTurns, type Subject } from './load.ts';
import type { Row } from './row.ts';
import { startService } from './servers.ts';
import { signedBytes } from './service-client.ts';

export const title = `signed TranslatePinData by two workers against one; ${CONNECTIONS} connections; as many cores as workers, which the client shares`;

const WORKERS = [1, 2];

async function start(workers: number, opened: AsyncDisposableStack): Promise<Subject> {
  const cores = Array.from({ length: workers }, (_, core) => core).join(',');
  const server = opened.use(await startService({ KEYWRIGHT_WORKERS: String(workers) }, cores));
  const [translatePin] = await makeHotCalls(server);
  return { server, request: await signedBytes(server, translatePin!), cores };
}

/**
 * `at full cores` is what as many cores as there are workers would answer if the service had them to itself: the workers over the processor
 * time of a request, all its processes counted. What workers cost each other shows in it; what the client takes from them does not.
 */
export async function* run(): AsyncIterable<Row> {
  await using opened = new AsyncDisposableStack();
  const subjects = await Promise.all(WORKERS.map((workers) => start(workers, opened)));
  const measured = await measureInTurns(subjects);
  let one: { rate: number; full: number } | undefined;
  for (const [i, { rate, cpu, p50, p99 }] of measured.entries()) {
    const workers = WORKERS[i]!;
    const full = (workers * 1e6) / cpu;
    one ??= { rate, full };
    yield {
      workers,
      'a second': Math.round(rate),
      'of one': (rate / one.rate).toFixed(2),
      'CPU, µs': cpu.toFixed(1),
      'at full cores': Math.round(full),
      ' of one': (full / one.full).toFixed(2),
      'p50, ms': p50.toFixed(2),
      'p99, ms': p99.toFixed(2),
    };
  }
}
