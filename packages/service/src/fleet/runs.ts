import { conflict, invalid, notFound } from '../api/exceptions.ts';
import { randomId } from '../operations/random-id.ts';
import type { InjectionState, RunRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findGroup } from './groups.ts';
import { findProfile, type ProfileAnswer, profileAnswer } from './profiles.ts';
import { ensureProofKey } from './proof-key.ts';

export interface NewRun {
  readonly group: string;
  /** All of the group unless given. */
  readonly serials?: readonly string[];
  /** Of the key blocks, two digits; one more than the group had, unless given. */
  readonly keyVersion?: string;
  /** Terminals a second, for all agents together; no limit unless given. */
  readonly rate?: number;
}

/** What is told of a run. */
export interface RunAnswer {
  readonly runId: string;
  readonly group: string;
  readonly profile: ProfileAnswer;
  readonly keyVersion: string;
  readonly state: RunRecord['state'];
  readonly startedBy: string;
  readonly startedAt: string;
  /** How many keys of terminals are in which state. */
  readonly keys: Partial<Record<InjectionState, number>>;
}

const HIGHEST_VERSION = 99;

async function latestRunOf(group: string, { store, region }: FleetContext): Promise<RunRecord[]> {
  return (await store.fleet.listRuns(region)).filter(({ groupName }) => groupName === group);
}

/** Terminals take no lower version than they have had; 00 would say that versions are not used (ANSI X9.143:2021, 6.3.4). */
function versionFor(asked: string | undefined, runs: readonly RunRecord[]): string {
  const highest = Math.max(0, ...runs.map(({ keyVersion }) => Number(keyVersion)));
  if (asked !== undefined && Number(asked) >= highest && Number(asked) > 0) return asked;
  const next = String(highest + 1).padStart(2, '0');
  if (asked !== undefined) throw invalid(`keyVersion ${asked} is lower than the group had: use ${next}.`);
  if (highest < HIGHEST_VERSION) return next;
  throw conflict('The group has had key version 99: its terminals take no higher one.');
}

async function checkSerials({ group, serials }: NewRun, { store, region }: FleetContext): Promise<void> {
  if (serials === undefined) return;
  const found = await store.fleet.findTerminals(region, serials);
  const members = new Set(found.filter(({ groupName }) => groupName === group).map(({ serial }) => serial));
  const stranger = serials.find((serial) => !members.has(serial));
  if (stranger !== undefined) throw notFound(`terminal ${stranger} in group ${group}`);
}

/** Starts a run: every terminal of a group is to get every key of its profile. */
export async function startRun(input: NewRun, context: FleetContext): Promise<RunAnswer> {
  const { region, store } = context;
  const group = await findGroup(input.group, context);
  const profile = await findProfile(group.profileName, context);
  await checkSerials(input, context);
  const runs = await latestRunOf(group.name, context);
  const open = runs.find(({ state }) => state === 'OPEN');
  if (open) throw conflict(`Run ${open.runId} of group ${group.name} is open: stop it first.`);
  await ensureProofKey(profile, context);
  const now = context.now();
  const run: RunRecord = {
    region,
    runId: randomId(),
    groupName: group.name,
    profileName: profile.name,
    keyVersion: versionFor(input.keyVersion, runs),
    startedBy: context.caller,
    startedAt: now,
    state: 'OPEN',
    interval: input.rate === undefined ? 0 : Math.ceil(1000 / input.rate),
    nextAt: now,
  };
  await store.fleet.insertRun(run, profile, input.serials);
  return describeRun(run.runId, context);
}

/** @throws AwsException ResourceNotFoundException */
export async function findRun(runId: string, { store, region }: FleetContext): Promise<RunRecord> {
  const run = await store.fleet.findRun(region, runId);
  if (run === undefined) throw notFound(`run ${runId}`);
  return run;
}

export async function describeRun(runId: string, context: FleetContext): Promise<RunAnswer> {
  const { store, region } = context;
  const run = await findRun(runId, context);
  const [profile, counts] = await Promise.all([
    findProfile(run.profileName, context),
    store.fleet.countInjections(region, runId),
  ]);
  const keys: Partial<Record<InjectionState, number>> = {};
  for (const { state, injections } of counts) keys[state] = (keys[state] ?? 0) + injections;
  return {
    runId,
    group: run.groupName,
    profile: profileAnswer(profile, context),
    keyVersion: run.keyVersion,
    state: run.state,
    startedBy: run.startedBy,
    startedAt: new Date(run.startedAt).toISOString(),
    keys,
  };
}

/** The latest first. */
export async function listRuns(context: FleetContext): Promise<{ runs: RunAnswer[] }> {
  const records = await context.store.fleet.listRuns(context.region);
  return { runs: await Promise.all(records.map(({ runId }) => describeRun(runId, context))) };
}

/** Stops a run, whose agents get no more work, or goes on with it; keys that came to nothing are then tried again. */
export async function setRunState(
  { runId, state }: { runId: string; state: RunRecord['state'] },
  context: FleetContext,
): Promise<RunAnswer> {
  await findRun(runId, context);
  await context.store.fleet.setRunState(context.region, runId, state, context.now());
  return describeRun(runId, context);
}
