import { makeHotCalls } from './hot-calls.ts';
import { CONNECTIONS, type Measured, measureLoad, medianOf } from './load.ts';
import { ANY_CORE } from './pinned.ts';
import type { Row } from './row.ts';
import { startService } from './servers.ts';
import { signedBytes } from './service-client.ts';

export const title = `signed TranslatePinData by two workers against one; ${CONNECTIONS} connections; the client shares the cores, so that processor time tells more than the rate`;

const ROUNDS = 5;

/** All processes of the service count, the one that holds the data directory too. */
async function measureWorkers(workers: number): Promise<Measured> {
  await using service = await startService({ KEYWRIGHT_WORKERS: String(workers) }, ANY_CORE);
  const [translatePin] = await makeHotCalls(service);
  const request = await signedBytes(service, translatePin!);
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await measureLoad(service.pid, { port: service.port, requests: [request] }, ANY_CORE));
  }
  return medianOf(rounds);
}

/**
 * `at full cores` is what as many cores as there are workers would answer if the service had them to itself: the workers over the processor
 * time of a request. What workers cost each other shows in it; what the client takes from them does not.
 */
export async function* run(): AsyncIterable<Row> {
  let one: { rate: number; full: number } | undefined;
  for (const workers of [1, 2]) {
    const { rate, cpu, p50, p99 } = await measureWorkers(workers);
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
