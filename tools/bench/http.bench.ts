import { join } from 'node:path';
import { makeHotCalls } from './hot-calls.ts';
import { CONNECTIONS, measureInTurns, type Subject } from './load.ts';
import { PINNING } from './pinned.ts';
import type { Row } from './row.ts';
import { startBareServer, startService } from './servers.ts';
import { signedBytes } from './service-client.ts';

export const title = `requests over HTTP on one core, against bare node:http on it; ${CONNECTIONS} connections, kept alive; signed before the clock runs; ${PINNING}`;

const NO_AUDIT = join(import.meta.dirname, 'no-audit.ts');

/**
 * Every answer but those of the service without audit has a durable record. `of bare` compares requests a second; `by CPU` the processor
 * time for each.
 */
export async function* run(): AsyncIterable<Row> {
  await using echo = await startBareServer('echo');
  await using json = await startBareServer('json');
  await using service = await startService();
  await using unrecorded = await startService({ NODE_OPTIONS: `--import=${NO_AUDIT}` });
  const calls = await makeHotCalls(service);
  const requests = await Promise.all(calls.map((call) => signedBytes(service, call)));
  const [translatePin] = await makeHotCalls(unrecorded);
  // Bare servers get the very bytes of a signed TranslatePinData.
  const subjects: (Subject & { readonly name: string })[] = [
    { name: 'bare node:http, body echoed', server: echo, request: requests[0]! },
    { name: 'bare node:http, JSON parsed and written', server: json, request: requests[0]! },
    {
      name: 'signed TranslatePinData, no audit',
      server: unrecorded,
      request: await signedBytes(unrecorded, translatePin!),
    },
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
