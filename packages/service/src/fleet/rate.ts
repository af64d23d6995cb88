import type { RunRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findRun } from './runs.ts';

/** A second's terminals may be given at once. */
const BURST = 1000;

/** How many of `wanted` terminals a run's rate allows now. */
function allowance({ interval, nextAt }: RunRecord, wanted: number, now: number): number {
  const spare = now + BURST - Math.max(nextAt, now);
  return Math.max(0, Math.min(wanted, Math.floor(spare / interval)));
}

/** Takes terminals out of what the run's rate allows all its agents together (generic cell rate algorithm, kept in the store). */
export async function grantTerminals(
  run: RunRecord,
  serials: readonly string[],
  context: FleetContext,
): Promise<readonly string[]> {
  const { interval, nextAt } = run;
  if (interval === 0 || serials.length === 0) return serials;
  const now = context.now();
  const granted = allowance(run, serials.length, now);
  if (granted === 0) return [];
  const moved = Math.max(nextAt, now) + granted * interval;
  if (await context.store.fleet.moveNextAt(run, moved)) return serials.slice(0, granted);
  return grantTerminals(await findRun(run.runId, context), serials, context);
}
