import { conflict, notFound } from '../api/exceptions.ts';
import { keyArn } from '../operations/key-identifier.ts';
import { readPage } from '../operations/paging.ts';
import type { TerminalFilter, TerminalRecord, TerminalState } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findKek } from './kek.ts';

/** What is told of a terminal. */
export interface TerminalAnswer {
  readonly serial: string;
  readonly group: string;
  readonly state: TerminalState;
  readonly reason?: string;
  /** ARN of its KEK. */
  readonly kek?: string;
  readonly kekCheckValue?: string;
  readonly registeredAt: string;
}

export function terminalAnswer(terminal: TerminalRecord, { account }: FleetContext): TerminalAnswer {
  const { serial, groupName: group, state, reason, kekKeyId, kekCheckValue, region } = terminal;
  return {
    serial,
    group,
    state,
    ...(reason !== undefined && { reason }),
    ...(kekKeyId !== undefined && { kek: keyArn(account, region, kekKeyId) }),
    ...(kekCheckValue !== undefined && { kekCheckValue }),
    registeredAt: new Date(terminal.registeredAt).toISOString(),
  };
}

export async function listTerminals(
  input: { group?: string; state?: TerminalState; nextToken?: string; maxResults?: number },
  context: FleetContext,
): Promise<{ terminals: TerminalAnswer[]; nextToken?: string }> {
  const { group: groupName, state, nextToken, maxResults = 50 } = input;
  const filter: TerminalFilter = { groupName, state };
  const request = { MaxResults: maxResults, ...(nextToken !== undefined && { NextToken: nextToken }) };
  const { rows, next } = await readPage(
    request,
    ['fleet-terminals', groupName ?? '', state ?? ''],
    (page) => context.store.fleet.listTerminals(context.region, filter, page),
    ({ serial }) => serial,
  );
  const terminals = rows.map((row) => terminalAnswer(row, context));
  return { terminals, ...(next.NextToken !== undefined && { nextToken: next.NextToken }) };
}

/** @throws AwsException ResourceNotFoundException */
export async function findTerminal(serial: string, context: FleetContext): Promise<TerminalRecord> {
  const [terminal] = await context.store.fleet.findTerminals(context.region, [serial]);
  if (terminal === undefined) throw notFound(`terminal ${serial}`);
  return terminal;
}

/** Gives a terminal the KEK that its custodians enter into it; the terminal's check value is compared before a key leaves. */
export async function assignKek(
  { serial, kek }: { serial: string; kek: string },
  context: FleetContext,
): Promise<TerminalAnswer> {
  const { store, region } = context;
  await findTerminal(serial, context);
  const record = await findKek(kek, serial, context);
  const assigned = { region, serial, kekKeyId: record.keyId, kekCheckValue: record.checkValue };
  const known = await findTerminal(serial, context);
  if (known.kekKeyId !== record.keyId) {
    const from = ['REGISTERED', 'BOOTSTRAPPED', 'LOADED'] as const;
    if (!(await store.fleet.assignKek({ ...assigned, state: 'REGISTERED' }, from))) {
      throw conflict(`Terminal ${serial} is ${known.state}: it gets no KEK.`);
    }
  }
  return terminalAnswer(await findTerminal(serial, context), context);
}

/** Ends a quarantine. The terminal has to show its KEK again before it gets keys. */
export async function releaseTerminal(serial: string, context: FleetContext): Promise<TerminalAnswer> {
  const { store, region } = context;
  const { state } = await findTerminal(serial, context);
  const released = { region, serial, state: 'REGISTERED', reason: undefined } as const;
  if (!(await store.fleet.moveTerminal(released, ['QUARANTINED']))) {
    throw conflict(`Terminal ${serial} is ${state}, not in quarantine.`);
  }
  return terminalAnswer(await findTerminal(serial, context), context);
}

/** Takes a terminal out of service for good: its KEK is switched off and scheduled for deletion, its KSNs stay given. */
export async function decommissionTerminal(
  { serial, reason }: { serial: string; reason: string },
  context: FleetContext,
): Promise<TerminalAnswer> {
  const { store, region, account } = context;
  const { kekKeyId } = await findTerminal(serial, context);
  const gone = { region, serial, state: 'DECOMMISSIONED', reason } as const;
  await store.fleet.moveTerminal(gone, ['REGISTERED', 'BOOTSTRAPPED', 'LOADED', 'QUARANTINED']);
  if (kekKeyId !== undefined) await retireKek(keyArn(account, region, kekKeyId), context);
  return terminalAnswer(await findTerminal(serial, context), context);
}

/** Whatever of it was done before, by a request that broke off, is left as it is. */
async function retireKek(KeyIdentifier: string, { perform }: FleetContext): Promise<void> {
  const { Key } = await perform('GetKey', { KeyIdentifier });
  if (Key.KeyState !== 'CREATE_COMPLETE') return;
  if (Key.Enabled) await perform('StopKeyUsage', { KeyIdentifier });
  await perform('DeleteKey', { KeyIdentifier });
}
