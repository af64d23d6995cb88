import { conflict } from '../api/exceptions.ts';
import type {
  InjectionRecord,
  ProfileRecord,
  RunRecord,
  TerminalRecord,
} from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { recordIncident } from './incidents.ts';
import { findProfile } from './profiles.ts';
import { findRun } from './runs.ts';

/** What an agent works on: a run and the terminals that it has leased. */
export interface LeasedWork {
  readonly run: RunRecord;
  readonly profile: ProfileRecord;
  readonly lease: string;
  terminal(serial: string): TerminalRecord | undefined;
  injection(serial: string, purpose: string): InjectionRecord | undefined;
}

export const STALE_LEASE = 'the lease of the terminal has ended: claim it again';

/** Reads what a request is about. A terminal that is not leased under the token is left out, and the attempt recorded. */
export async function openWork(
  { runId, lease }: { runId: string; lease: string },
  serials: readonly string[],
  context: FleetContext,
): Promise<LeasedWork> {
  const { fleet } = context.store;
  const run = await findRun(runId, context);
  if (run.state !== 'OPEN') throw conflict(`Run ${run.runId} is stopped: resume it first.`);
  const [profile, terminals, injections] = await Promise.all([
    findProfile(run.profileName, context),
    fleet.findTerminals(context.region, serials),
    fleet.findInjections(context.region, runId, serials),
  ]);
  const own = new Map(
    terminals.filter((each) => each.lease?.token === lease).map((each) => [each.serial, each]),
  );
  const byKey = new Map(injections.map((each) => [`${each.serial} ${each.purpose}`, each]));
  return {
    run,
    profile,
    lease,
    terminal: (serial) => own.get(serial),
    injection: (serial, purpose) => byKey.get(`${serial} ${purpose}`),
  };
}

/** Records that somebody went on with a terminal after the lease had ended. */
export async function recordStaleLease(serial: string, context: FleetContext): Promise<void> {
  await recordIncident('STALE_LEASE', serial, 'an agent went on after its lease had ended', context);
}

/** Prolongs an agent's lease. */
export async function renewLease(
  { lease, leaseTime }: { lease: string; leaseTime: number },
  { store, region, now }: FleetContext,
): Promise<{ terminals: number; leaseTime: number }> {
  const terminals = await store.fleet.renewLease(region, lease, now() + leaseTime, now());
  if (terminals === 0) throw conflict(`Not prolonged: ${STALE_LEASE}.`);
  return { terminals, leaseTime };
}

/** Gives terminals back before the lease ends: an agent cannot reach them now. */
export async function releaseLease(
  { lease, serials }: { lease: string; serials: readonly string[] },
  { store, region }: FleetContext,
): Promise<object> {
  await store.fleet.releaseTerminals(region, serials, lease);
  return {};
}
