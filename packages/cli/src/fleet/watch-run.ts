import { setTimeout as wait } from 'node:timers/promises';
import type { Run } from './fleet-api.ts';
import type { FleetClient } from './fleet-client.ts';
import { progressLine } from './progress.ts';

const PAUSE = 1000;
const OPEN = ['WAITING', 'ALLOCATED', 'EXPORTED'];

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number = 0) => total + number, 0);
}

/** Shows how far a run is, all agents together, until nothing is left to do or it is stopped. */
export async function watchRun(
  fleet: FleetClient,
  runId: string,
  screen: NodeJS.WriteStream = process.stderr,
): Promise<Run> {
  const began = performance.now();
  for (;;) {
    const run = await fleet.get<Run>(`/runs/${encodeURIComponent(runId)}`);
    const [total, open] = [sum(Object.values(run.keys)), sum(OPEN.map((state) => run.keys[state]))];
    const { DONE: done = 0 } = run.keys;
    const seconds = (performance.now() - began) / 1000;
    const line = progressLine(total - open, total - open - done, total, seconds).replace('terminals', 'keys');
    screen.write(screen.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
    if (open === 0 || run.state !== 'OPEN') {
      if (screen.isTTY) screen.write('\n');
      return run;
    }
    await wait(PAUSE);
  }
}
