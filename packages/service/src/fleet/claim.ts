import { conflict } from '../api/exceptions.ts';
import { randomId } from '../operations/random-id.ts';
import type {
  InjectionRecord,
  InjectionState,
  Lease,
  ProfileKey,
  ProfileRecord,
  RunRecord,
  TerminalRecord,
} from '../store/fleet/fleet-store.ts';
import { admit, type NotAdmitted, type TerminalAtHand } from './admit.ts';
import type { FleetContext } from './fleet-context.ts';
import { findProfile } from './profiles.ts';
import { type Challenge, challengeFor } from './proof.ts';
import { grantTerminals } from './rate.ts';
import { findRun } from './runs.ts';

/** Milliseconds for which an agent has a terminal to itself, unless it prolongs that or asks for another time. */
export const LEASE_TIME = 60_000;

export interface Claim {
  readonly runId: string;
  /** The agent's name. */
  readonly agent: string;
  readonly terminals: readonly TerminalAtHand[];
  /** Milliseconds. */
  readonly leaseTime?: number;
}

/** A key that a terminal is to get. */
export interface Task {
  readonly serial: string;
  readonly purpose: ProfileKey['purpose'];
  readonly slot: string;
  readonly state: InjectionState;
  /** Of the key whose block has left: if the terminal shows both, it has the key. */
  readonly ksn?: string;
  readonly checkValue?: string;
  readonly challenge?: Challenge;
}

/** Why a terminal was not claimed. DONE: it has every key of the run. LATER: another agent serves it, or the rate is used up. */
export type ClaimRefusal = NotAdmitted | 'NOT_IN_RUN' | 'REFUSED' | 'DONE' | 'LATER';

export interface Claimed {
  /** The token of the lease. */
  readonly lease: string;
  /** How many milliseconds the lease lasts from now on. */
  readonly leaseTime: number;
  readonly tasks: readonly Task[];
  readonly refused: readonly { serial: string; reason: ClaimRefusal; message: string }[];
}

const MESSAGES: Record<ClaimRefusal, string> = {
  UNKNOWN_SERIAL: 'the serial number is not in the inventory; this was recorded',
  NO_KEK: 'the terminal has no KEK yet: bootstrap it',
  KEK_MISMATCH: "the terminal's KEK is not the one of the inventory: it was put into quarantine",
  QUARANTINED: 'the terminal is in quarantine',
  DECOMMISSIONED: 'the terminal was decommissioned',
  NOT_IN_RUN: 'the terminal is not in this run',
  REFUSED: 'the terminal refused a key: see the report, then resume the run',
  DONE: 'the terminal has every key of the run',
  LATER: 'another agent serves the terminal, or the rate of the run is used up',
};

const OPEN: readonly InjectionState[] = ['WAITING', 'ALLOCATED', 'EXPORTED'];

function isOpen({ state }: InjectionRecord): boolean {
  return OPEN.includes(state);
}

/** Why there is nothing to do for a terminal, from its part of the run. */
function nothingToDo(injections: readonly InjectionRecord[]): ClaimRefusal | undefined {
  if (injections.some(isOpen)) return undefined;
  if (injections.length === 0) return 'NOT_IN_RUN';
  return injections.some(({ state }) => state === 'REFUSED' || state === 'CANCELLED') ? 'REFUSED' : 'DONE';
}

function taskOf(injection: InjectionRecord, profile: ProfileRecord, lease: string): Task {
  const { serial, purpose, state, ksn, checkValue } = injection;
  const { slot } = profile.keys.find((key) => key.purpose === purpose)!;
  if (state !== 'EXPORTED') return { serial, purpose, slot, state };
  return {
    serial,
    purpose,
    slot,
    state,
    ksn: ksn!,
    checkValue: checkValue!,
    challenge: challengeFor(injection, { lease, profile }),
  };
}

async function injectionsBySerial(
  { runId }: RunRecord,
  serials: readonly string[],
  { store, region }: FleetContext,
): Promise<Map<string, InjectionRecord[]>> {
  return Map.groupBy(await store.fleet.findInjections(region, runId, serials), ({ serial }) => serial);
}

/** Sorts out the terminals that can't be served, each with its reason. */
async function sortOut(
  terminals: readonly TerminalAtHand[],
  run: RunRecord,
  context: FleetContext,
): Promise<Map<string, ClaimRefusal | undefined>> {
  const serials = terminals.map(({ serial }) => serial);
  const records = await context.store.fleet.findTerminals(context.region, serials);
  const known = new Map(records.map((record) => [record.serial, record]));
  const injections = await injectionsBySerial(run, serials, context);
  const reasons = await Promise.all(
    terminals.map(async (terminal): Promise<[string, ClaimRefusal | undefined]> => {
      const { serial } = terminal;
      const reason = await admit(terminal, known.get(serial), context);
      return [serial, reason ?? nothingToDo(injections.get(serial) ?? [])];
    }),
  );
  return new Map(reasons);
}

/** Leases what may be served now; what somebody else has is left for later. */
async function lease(
  serials: readonly string[],
  run: RunRecord,
  { agent, leaseTime = LEASE_TIME }: Claim,
  context: FleetContext,
): Promise<{ lease: Lease; leased: TerminalRecord[] }> {
  const { store, region } = context;
  const now = context.now();
  const given: Lease = { token: randomId(), agent, until: now + leaseTime };
  const granted = await grantTerminals(run, serials, context);
  const leased = granted.length === 0 ? [] : await store.fleet.leaseTerminals(region, granted, given, now);
  return { lease: given, leased };
}

/**
 * Gives an agent terminals of a run to serve, of those that it has at hand. A terminal is one agent's until the lease ends;
 * unknown ones are recorded (PCI PIN, 30-3).
 *
 * @throws AwsException when there is no such run, or it is stopped
 */
export async function claimTerminals(claim: Claim, context: FleetContext): Promise<Claimed> {
  const run = await findRun(claim.runId, context);
  if (run.state !== 'OPEN') throw conflict(`Run ${run.runId} is stopped: resume it first.`);
  const profile = await findProfile(run.profileName, context);
  const reasons = await sortOut(claim.terminals, run, context);
  const ready = [...reasons].filter(([, reason]) => reason === undefined).map(([serial]) => serial);
  const { lease: given, leased } = await lease(ready, run, claim, context);
  const serials = leased.map(({ serial }) => serial);
  const mine = serials.length === 0 ? new Map() : await injectionsBySerial(run, serials, context);
  const tasks = [...mine.values()].flat().filter(isOpen);
  for (const serial of ready) if (!serials.includes(serial)) reasons.set(serial, 'LATER');
  return {
    lease: given.token,
    leaseTime: claim.leaseTime ?? LEASE_TIME,
    tasks: tasks.map((injection) => taskOf(injection, profile, given.token)),
    refused: [...reasons].flatMap(([serial, reason]) =>
      reason === undefined ? [] : [{ serial, reason, message: MESSAGES[reason] }],
    ),
  };
}
