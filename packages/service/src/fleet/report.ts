import { conflict } from '../api/exceptions.ts';
import type {
  IncidentRecord,
  InjectionChange,
  InjectionKey,
  InjectionRecord,
  Receipt,
} from '../store/fleet/fleet-store.ts';
import { sameCheckValue } from './check-value.ts';
import type { RefusedTask } from './export-blocks.ts';
import type { FleetContext } from './fleet-context.ts';
import { quarantine } from './incidents.ts';
import { counterUnder } from './key-set.ts';
import { type LeasedWork, openWork, recordStaleLease, STALE_LEASE } from './leased.ts';
import { challengeFor, type Proof, proves } from './proof.ts';

/** A terminal that says it has its key. */
export interface Loaded {
  readonly slot: string;
  /** Where the device tells it. */
  readonly checkValue?: string;
  readonly proof: Proof;
}

/** What became of a key at its terminal. */
export type LoadReport = InjectionKey &
  ({ readonly loaded: Loaded } | { readonly refused: { readonly reason: string; readonly message: string } });

export interface ReportAnswer {
  readonly receipts: readonly (InjectionKey & { readonly receipt: Receipt })[];
  readonly refused: readonly RefusedTask[];
}

/** Something that does not fit: the terminal is to be looked at. */
interface Mismatch {
  readonly kind: IncidentRecord['kind'];
  readonly detail: string;
}

/** Holds what a terminal shows of its new key against what left for it. */
async function mismatch(
  injection: InjectionRecord,
  { checkValue, slot, proof }: Loaded,
  work: LeasedWork,
  context: FleetContext,
): Promise<Mismatch | undefined> {
  const key = work.profile.keys.find(({ purpose }) => purpose === injection.purpose)!;
  if (slot !== key.slot) return { kind: 'KEY_MISMATCH', detail: `the key is in ${slot}, not in ${key.slot}` };
  if (checkValue !== undefined && !sameCheckValue(checkValue, injection.checkValue!)) {
    const detail = `${slot} shows check value ${checkValue}, not ${injection.checkValue}`;
    return { kind: 'KEY_MISMATCH', detail };
  }
  if (!counterUnder(injection.ksn!, proof.ksn)) {
    return { kind: 'PROOF_FAILED', detail: `KSN ${proof.ksn} is no transaction of ${injection.ksn}` };
  }
  if (await proves(challengeFor(injection, work), proof, key, context)) return undefined;
  return { kind: 'PROOF_FAILED', detail: `the host does not follow what ${slot} did under KSN ${proof.ksn}` };
}

function receiptOf(
  injection: InjectionRecord,
  { slot, proof }: Loaded,
  { run, lease, terminal }: LeasedWork,
  { caller, now }: FleetContext,
): Receipt {
  return {
    caller,
    agent: terminal(injection.serial)!.lease!.agent,
    lease,
    at: now(),
    slot,
    keyVersion: run.keyVersion,
    checkValue: injection.checkValue!,
    ksn: injection.ksn!,
    provenAt: proof.ksn.toUpperCase(),
    blockHash: injection.blockHash!,
  };
}

/** Where a report leads: a change to be stored, an answer that was given before, or a refusal. */
type Outcome = { change: InjectionChange } | { repeated: Receipt } | { refused: RefusedTask };

async function judge(report: LoadReport, work: LeasedWork, context: FleetContext): Promise<Outcome> {
  const { serial, purpose } = report;
  const injection = work.injection(serial, purpose);
  const refuse = (code: string, message: string) => ({ refused: { serial, purpose, code, message } });
  // The answer to the first report was lost.
  if (injection?.state === 'DONE' && injection.receipt?.lease === work.lease) {
    return { repeated: injection.receipt };
  }
  if (work.terminal(serial) === undefined) {
    await recordStaleLease(serial, context);
    return refuse('STALE_LEASE', STALE_LEASE);
  }
  if (injection?.state !== 'EXPORTED') return refuse('NOT_OPEN', 'no key block has left for it');
  const updatedAt = context.now();
  if ('refused' in report && report.refused.reason === 'KCV_MISMATCH') {
    await quarantine('KEY_MISMATCH', serial, report.refused.message, context);
    return refuse('QUARANTINED', report.refused.message);
  }
  if ('refused' in report) {
    const detail = `${report.refused.reason}: ${report.refused.message}`;
    return { change: { from: injection, to: { ...injection, state: 'REFUSED', detail, updatedAt } } };
  }
  const wrong = await mismatch(injection, report.loaded, work, context);
  if (wrong !== undefined) {
    await quarantine(wrong.kind, serial, wrong.detail, context);
    return refuse('QUARANTINED', wrong.detail);
  }
  const receipt = receiptOf(injection, report.loaded, work, context);
  return { change: { from: injection, to: { ...injection, state: 'DONE', receipt, updatedAt } } };
}

/**
 * Takes what agents say of the keys that they sent: compares check values, has the host follow each proof, and gives receipts.
 * A terminal whose key does not fit goes into quarantine.
 */
export async function reportLoads(
  input: { runId: string; lease: string; reports: readonly LoadReport[] },
  context: FleetContext,
): Promise<ReportAnswer> {
  const serials = [...new Set(input.reports.map(({ serial }) => serial))];
  const work = await openWork(input, serials, context);
  const outcomes = await Promise.all(
    input.reports.map(async (report) => {
      const { serial, purpose } = report;
      return { key: { serial, purpose }, outcome: await judge(report, work, context) };
    }),
  );
  const changes = outcomes.flatMap(({ outcome }) => ('change' in outcome ? [outcome.change] : []));
  if (changes.length > 0) {
    if (!(await context.store.fleet.finishInjections(changes, work.lease))) {
      throw conflict(`Not taken: ${STALE_LEASE}.`);
    }
  }
  return {
    receipts: outcomes.flatMap(({ key, outcome }) => {
      const receipt =
        'change' in outcome ? outcome.change.to.receipt : 'repeated' in outcome && outcome.repeated;
      return receipt ? [{ ...key, receipt }] : [];
    }),
    refused: outcomes.flatMap(({ outcome }) => ('refused' in outcome ? [outcome.refused] : [])),
  };
}
