import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOrder, LoadReport, LoadResult } from './load-client.ts';
import { spawnNode } from './pinned.ts';
import { usageOf } from './process-usage.ts';

/** What a server did under load. */
export interface Measured {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time for each request. */
  readonly cpu: number;
}

export const CONNECTIONS = 32;
/** Answers. */
const WARM_UP = 30_000;
/** Milliseconds. */
const TIME = 3000;

/** The median of each figure. */
export function medianOf(rounds: readonly Measured[]): Measured {
  const median = (figure: keyof Measured) =>
    rounds.map((round) => round[figure]).sort((a, b) => a - b)[rounds.length >> 1]!;
  return { rate: median('rate'), p50: median('p50'), p99: median('p99'), cpu: median('cpu') };
}

/** Puts a server, with all its processes, under load by a client on other cores. */
export async function measureLoad(
  pid: number,
  order: Pick<LoadOrder, 'port' | 'requests'>,
  cores = '1',
): Promise<Measured> {
  const client = spawnNode([join(import.meta.dirname, 'load-client.ts')], cores, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const ended = once(client, 'exit');
  let begun = 0;
  let cpu = 0;
  const result = await new Promise<LoadResult>((resolve, reject) => {
    client.on('message', (report: LoadReport) => {
      if (report === 'begun') begun = usageOf(pid).cpu;
      else if (report === 'ended') cpu = usageOf(pid).cpu - begun;
      else if ('failure' in report) reject(new Error(`the load stopped: ${report.failure}`));
      else resolve(report);
    });
    client.on('exit', () => reject(new Error('the load client ended before it had a result')));
    client.send({ ...order, connections: CONNECTIONS, warmUp: WARM_UP, time: TIME } satisfies LoadOrder);
  });
  await ended;
  const { answers, time, p50, p99 } = result;
  return { rate: (answers * 1000) / time, p50, p99, cpu: cpu / answers };
}
