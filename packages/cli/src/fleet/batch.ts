import type { PosTerminal } from '@keywright/terminal';
import type {
  Claimed,
  LoadReport,
  OutgoingBlock,
  Profile,
  Run,
  Task,
  TaskKey,
  TaskRefusal,
} from './fleet-api.ts';
import type { FleetClient } from './fleet-client.ts';
import { type HeldLease, holdLease } from './lease.ts';
import type { Rack } from './rack.ts';
import { holdsKey, loadedReport, type Refusing, sendBlock, showKek } from './terminal-steps.ts';

/** What became of a terminal in one attempt. LATER: try again; UNREACHABLE: so too, but not for ever. */
export type Outcome =
  | { readonly kind: 'DONE' }
  | { readonly kind: 'LATER' }
  | { readonly kind: 'UNREACHABLE' | 'REFUSED'; readonly message: string };

export interface BatchContext {
  readonly fleet: FleetClient;
  readonly rack: Rack;
  readonly run: Run;
  readonly agent: string;
  /** Milliseconds. */
  readonly leaseTime: number;
}

/** Terminals that are open for the time of a batch, and what became of them. */
class Batch implements AsyncDisposable {
  readonly outcomes = new Map<string, Outcome>();
  readonly terminals = new Map<string, PosTerminal>();

  /** Does something with a terminal; what fails is its outcome, and it takes no further part. */
  async attempt<T>(serial: string, work: (terminal: PosTerminal) => Promise<T>): Promise<T | undefined> {
    const terminal = this.terminals.get(serial);
    if (terminal === undefined || this.outcomes.has(serial)) return undefined;
    try {
      return await work(terminal);
    } catch (error) {
      this.fail(serial, error);
      return undefined;
    }
  }

  fail(serial: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.outcomes.set(serial, { kind: 'UNREACHABLE', message });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.terminals.values()].map((terminal) => terminal[Symbol.asyncDispose]()));
  }
}

async function openTerminals(batch: Batch, serials: readonly string[], rack: Rack): Promise<void> {
  await Promise.all(
    serials.map(async (serial) => {
      try {
        batch.terminals.set(serial, await rack.open(serial));
      } catch (error) {
        batch.fail(serial, error);
      }
    }),
  );
}

async function claim(
  batch: Batch,
  serials: readonly string[],
  { fleet, run, agent, leaseTime }: BatchContext,
): Promise<Claimed | undefined> {
  const shown = await Promise.all(
    serials.map((serial) =>
      batch.attempt(serial, async (terminal) => ({ serial, ...(await showKek(terminal, run.profile)) })),
    ),
  );
  const terminals = shown.filter((each) => each !== undefined);
  if (terminals.length === 0) return undefined;
  return fleet.send<Claimed>('POST', `/runs/${run.runId}/claims`, { agent, terminals, leaseTime });
}

function noteClaimRefusals(batch: Batch, { refused }: Claimed): void {
  for (const { serial, reason, message } of refused) {
    if (reason === 'DONE' || reason === 'LATER') batch.outcomes.set(serial, { kind: reason });
    else batch.outcomes.set(serial, { kind: 'REFUSED', message: `${reason}: ${message}` });
  }
}

type Blocks = Map<string, OutgoingBlock | TaskRefusal>;

function nameOf({ serial, purpose }: TaskKey): string {
  return `${serial} ${purpose}`;
}

/** Blocks for the tasks whose key is not in its terminal. */
async function exportBlocks(
  tasks: readonly Task[],
  { lease }: HeldLease,
  { fleet, run }: BatchContext,
): Promise<Blocks> {
  if (tasks.length === 0) return new Map();
  const asked = tasks.map(({ serial, purpose }) => ({ serial, purpose }));
  const { blocks, refused } = await fleet.send<{ blocks: OutgoingBlock[]; refused: TaskRefusal[] }>(
    'POST',
    `/runs/${run.runId}/blocks`,
    { lease, tasks: asked },
  );
  return new Map([...blocks, ...refused].map((each) => [nameOf(each), each]));
}

/** One key of one terminal, to its end. */
async function loadKey(
  terminal: PosTerminal,
  { serial, purpose, slot }: Task,
  exported: OutgoingBlock,
  lease: HeldLease,
  profile: Profile,
): Promise<LoadReport> {
  lease.assertHeld();
  const refused: Refusing | undefined = await sendBlock(terminal, exported, slot, profile);
  if (refused !== undefined) return { serial, purpose, refused };
  const loaded = await loadedReport(terminal, slot, exported.challenge, exported.ksn);
  return { serial, purpose, loaded };
}

/** What is to be said of a task: the key is there already, or it is sent now. */
async function serveTask(
  terminal: PosTerminal,
  task: Task,
  blocks: Blocks,
  lease: HeldLease,
  profile: Profile,
): Promise<LoadReport> {
  const { serial, purpose, slot, challenge, ksn } = task;
  const exported = blocks.get(nameOf(task));
  if (exported === undefined) {
    return { serial, purpose, loaded: await loadedReport(terminal, slot, challenge!, ksn!) };
  }
  if ('block' in exported) return loadKey(terminal, task, exported, lease, profile);
  throw new Error(`${exported.code}: ${exported.message}`);
}

/** The tasks of one terminal, one after the other. */
async function serveTerminal(
  batch: Batch,
  serial: string,
  tasks: readonly Task[],
  blocks: Blocks,
  lease: HeldLease,
  profile: Profile,
): Promise<LoadReport[]> {
  const reports: LoadReport[] = [];
  for (const task of tasks) {
    const report = await batch.attempt(serial, (terminal) =>
      serveTask(terminal, task, blocks, lease, profile),
    );
    if (report !== undefined) reports.push(report);
  }
  return reports;
}

async function report(
  batch: Batch,
  reports: readonly LoadReport[],
  { lease }: HeldLease,
  { fleet, run }: BatchContext,
): Promise<void> {
  if (reports.length === 0) return;
  const { refused } = await fleet.send<{ refused: TaskRefusal[] }>('POST', `/runs/${run.runId}/reports`, {
    lease,
    reports,
  });
  for (const each of reports) {
    if ('refused' in each) {
      const { reason, message } = each.refused;
      batch.outcomes.set(each.serial, { kind: 'REFUSED', message: `${reason}: ${message}` });
    } else if (!batch.outcomes.has(each.serial)) batch.outcomes.set(each.serial, { kind: 'DONE' });
  }
  for (const { serial, code, message } of refused) {
    batch.outcomes.set(serial, { kind: 'REFUSED', message: `${code}: ${message}` });
  }
}

/** Those that came to no end are free for the next attempt. */
async function release(batch: Batch, { lease }: HeldLease, claimed: Claimed, { fleet, run }: BatchContext) {
  const leased = new Set(claimed.tasks.map(({ serial }) => serial));
  const serials = [...leased].filter((serial) => batch.outcomes.get(serial)?.kind === 'UNREACHABLE');
  if (serials.length > 0) await fleet.send('POST', `/runs/${run.runId}/release`, { lease, serials });
}

/** The tasks whose key the terminal does not have. */
async function missingIn(batch: Batch, serial: string, tasks: readonly Task[]): Promise<Task[]> {
  const missing: Task[] = [];
  for (const task of tasks) {
    if ((await batch.attempt(serial, (terminal) => holdsKey(terminal, task))) === false) missing.push(task);
  }
  return missing;
}

async function serveClaimed(batch: Batch, claimed: Claimed, context: BatchContext): Promise<void> {
  const { profile } = context.run;
  await using lease = holdLease(claimed, context);
  const bySerial = Map.groupBy(claimed.tasks, ({ serial }) => serial);
  const missing = await Promise.all([...bySerial].map(([serial, tasks]) => missingIn(batch, serial, tasks)));
  const blocks = await exportBlocks(missing.flat(), lease, context);
  const reports = await Promise.all(
    [...bySerial].map(([serial, tasks]) => serveTerminal(batch, serial, tasks, blocks, lease, profile)),
  );
  await report(batch, reports.flat(), lease, context);
  await release(batch, lease, claimed, context);
}

/**
 * Serves terminals once: claims them, asks those that may have their key already, sends the blocks of the others, and reports.
 *
 * @returns what became of each
 * @throws Failure when the service refuses the agent altogether
 */
export async function serveBatch(
  serials: readonly string[],
  context: BatchContext,
): Promise<ReadonlyMap<string, Outcome>> {
  await using batch = new Batch();
  await openTerminals(batch, serials, context.rack);
  const claimed = await claim(batch, serials, context);
  if (claimed !== undefined) {
    noteClaimRefusals(batch, claimed);
    if (claimed.tasks.length > 0) await serveClaimed(batch, claimed, context);
  }
  return batch.outcomes;
}
