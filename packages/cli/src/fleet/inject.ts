import { Failure } from '../failure.ts';
import { serveRun } from './agent.ts';
import { directoryRack } from './directory-rack.ts';
import { fileRack } from './file-rack.ts';
import type { Profile, Run } from './fleet-api.ts';
import type { FleetClient } from './fleet-client.ts';
import { lineRack } from './line-rack.ts';
import { patientClient } from './patient-client.ts';
import { showProgress } from './progress.ts';
import type { Rack } from './rack.ts';

/** What an agent is told on its command line. */
export interface InjectOptions {
  readonly run: string;
  readonly directory?: string;
  readonly rack?: string;
  readonly terminal?: readonly string[];
  readonly agent: string;
  readonly parallel: number;
  /** Seconds. */
  readonly lease: number;
}

async function openRack({ directory, rack, terminal }: InjectOptions, profile: Profile): Promise<Rack> {
  if (terminal !== undefined) return lineRack(terminal);
  if (rack !== undefined) return fileRack(rack, profile);
  return directoryRack(directory!, profile);
}

const MOST_TOLD = 20;

function failureOf(failed: ReadonlyMap<string, string>): Failure {
  const told = [...failed].slice(0, MOST_TOLD).map(([serial, message]) => `\n  ${serial}: ${message}`);
  const more = failed.size > told.length ? `\n  and ${failed.size - told.length} more` : '';
  return new Failure(`${failed.size} terminals did not get every key:${told.join('')}${more}`);
}

/**
 * Serves a run with the terminals at hand until each has come to its end.
 *
 * @throws Failure when the service refuses the agent, or terminals did not get their keys
 */
export async function inject(client: FleetClient, options: InjectOptions): Promise<void> {
  const fleet = patientClient(client);
  const run = await fleet.get<Run>(`/runs/${encodeURIComponent(options.run)}`);
  await using opened = new AsyncDisposableStack();
  const rack = await openRack(options, run.profile);
  if (Symbol.dispose in rack) opened.use(rack as Rack & Disposable);
  const serials = await rack.serials();
  const { agent, parallel, lease } = options;
  const context = { fleet, rack, run, agent, parallel, leaseTime: lease * 1000 };
  const summary = await (async () => {
    using progress = showProgress(serials.length);
    return await serveRun(serials, context, progress);
  })();
  console.log(`${summary.done} of ${serials.length} terminals have every key of run ${run.runId}`);
  if (summary.failed.size > 0) throw failureOf(summary.failed);
}
