import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOrder, LoadReport, LoadResult } from './load-client.ts';
import { spawnNode } from './pinned.ts';
import { usageOf } from './process-usage.ts';
import type { BenchServer } from './servers.ts';

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

/** A server under load, and what it is asked. */
export interface Subject {
  readonly server: BenchServer;
  readonly request: Buffer;
  /** The client's. */
  readonly cores?: string;
  readonly connections?: number;
}

const ROUNDS = 7;

/** The best of each figure: what else runs on the machine, or on the one below it, only ever takes away. */
function bestOf(rounds: readonly Measured[]): Measured {
  const least = (figure: keyof Measured) => Math.min(...rounds.map((round) => round[figure]));
  const rate = Math.max(...rounds.map((round) => round.rate));
  return { rate, p50: least('p50'), p99: least('p99'), cpu: least('cpu') };
}

/** Each in turn, several times, so that what else runs on the machine hits all alike. */
export async function measureInTurns(subjects: readonly Subject[]): Promise<Measured[]> {
  const rounds: Measured[][] = subjects.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, { server, request, cores, connections = CONNECTIONS }] of subjects.entries()) {
      const order = { port: server.port, requests: [request], connections };
      rounds[i]!.push(await measureLoad(server.pid, order, cores));
    }
  }
  return rounds.map(bestOf);
}

/** Puts a server, with all its processes, under load by a client on other cores. */
async function measureLoad(
  pid: number,
  order: Pick<LoadOrder, 'port' | 'requests' | 'connections'>,
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
    client.send({ ...order, warmUp: WARM_UP, time: TIME } satisfies LoadOrder);
  });
  await ended;
  const { answers, time, p50, p99 } = result;
  return { rate: (answers * 1000) / time, p50, p99, cpu: cpu / answers };
}
