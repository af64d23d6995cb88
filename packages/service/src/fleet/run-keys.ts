import { readPage } from '../operations/paging.ts';
import type { InjectionRecord, InjectionState, Receipt } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findRun } from './runs.ts';
import { findTerminal, type TerminalAnswer, terminalAnswer } from './terminals.ts';

/** A receipt as it is told: without the lease, which is the agent's alone. */
export type ReceiptAnswer = Omit<Receipt, 'lease' | 'at'> & { readonly at: string };

/** What is told of one key of a terminal in a run. */
export interface RunKey extends Omit<InjectionRecord, 'region' | 'receipt' | 'updatedAt'> {
  readonly receipt?: ReceiptAnswer;
  readonly updatedAt: string;
}

export function receiptAnswer({ lease: _, at, ...receipt }: Receipt): ReceiptAnswer {
  return { ...receipt, at: new Date(at).toISOString() };
}

function runKey({ region: _, receipt, updatedAt, ...injection }: InjectionRecord): RunKey {
  return {
    ...injection,
    ...(receipt && { receipt: receiptAnswer(receipt) }),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** The report of a run, key by key, in order of serial and purpose. */
export async function listRunKeys(
  input: { runId: string; state?: InjectionState; nextToken?: string; maxResults?: number },
  context: FleetContext,
): Promise<{ keys: RunKey[]; nextToken?: string }> {
  const { runId, state, nextToken, maxResults = 50 } = input;
  await findRun(runId, context);
  const { rows, next } = await readPage(
    { MaxResults: maxResults, ...(nextToken !== undefined && { NextToken: nextToken }) },
    ['fleet-run-keys', runId, state ?? ''],
    (page) => context.store.fleet.listInjections(context.region, runId, state, page),
    ({ serial, purpose }) => `${serial} ${purpose}`,
  );
  return { keys: rows.map(runKey), ...(next.NextToken !== undefined && { nextToken: next.NextToken }) };
}

const LATEST = 100;

/** A terminal and the keys that it got, or was to get, the latest first. */
export async function describeTerminal(
  serial: string,
  context: FleetContext,
): Promise<TerminalAnswer & { keys: RunKey[] }> {
  const terminal = await findTerminal(serial, context);
  const injections = await context.store.fleet.injectionsOf(context.region, serial, LATEST);
  return { ...terminalAnswer(terminal, context), keys: injections.map(runKey) };
}
