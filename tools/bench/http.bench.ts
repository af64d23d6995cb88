import { makeHotCalls } from './hot-calls.ts';
import { CONNECTIONS, type Measured, measureLoad, medianOf } from './load.ts';
import { PINNING } from './pinned.ts';
import type { Row } from './row.ts';
import { type BenchServer, startBareServer, startService } from './servers.ts';
import { signedBytes } from './service-client.ts';

export const title = `requests over HTTP on one core, against bare node:http on it; ${CONNECTIONS} connections, kept alive; signed before the clock runs; ${PINNING}`;

const ROUNDS = 5;

interface Subject {
  readonly name: string;
  readonly server: BenchServer;
  readonly request: Buffer;
}

/** Each in turn, so that what else runs on the machine hits all alike. */
async function measureInTurns(subjects: readonly Subject[]): Promise<Measured[]> {
  const rounds: Measured[][] = subjects.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, { server, request }] of subjects.entries()) {
      rounds[i]!.push(await measureLoad(server.pid, { port: server.port, requests: [request] }));
    }
  }
  return rounds.map(medianOf);
}

/** `of bare` compares requests a second; `by CPU` the processor time for each, which what else runs disturbs less. */
export async function* run(): AsyncIterable<Row> {
  await using echo = await startBareServer('echo');
  await using json = await startBareServer('json');
  await using service = await startService();
  const calls = await makeHotCalls(service);
  const requests = await Promise.all(calls.map((call) => signedBytes(service, call)));
  // Bare servers get the very bytes of a signed TranslatePinData.
  const subjects: Subject[] = [
    { name: 'bare node:http, body echoed', server: echo, request: requests[0]! },
    { name: 'bare node:http, JSON parsed and written', server: json, request: requests[0]! },
    ...calls.map(({ operation }, i) => ({
      name: `signed ${operation}`,
      server: service,
      request: requests[i]!,
    })),
  ];
  const measured = await measureInTurns(subjects);
  const bare = measured[0]!;
  for (const [i, { rate, p50, p99, cpu }] of measured.entries()) {
    yield {
      '': subjects[i]!.name,
      'a second': Math.round(rate),
      'of bare': (rate / bare.rate).toFixed(2),
      'by CPU': (bare.cpu / cpu).toFixed(2),
      'CPU, µs': cpu.toFixed(1),
      'p50, ms': p50.toFixed(2),
      'p99, ms': p99.toFixed(2),
    };
  }
}
