import { conflict } from '../api/exceptions.ts';
import { randomId } from '../operations/random-id.ts';
import { DuplicateRecordError } from '../store/errors.ts';
import type { NewTerminal, TerminalRecord } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findKek, kekProblem } from './kek.ts';

/** How long the lines of an import that nobody commits are kept. */
const KEPT = 24 * 60 * 60 * 1000;

/** A terminal as a line of an import has it. */
export interface ImportedTerminal {
  readonly serial: string;
  readonly group: string;
  /** ARN or alias of the key that its custodians entered into it. */
  readonly kek?: string;
}

/** What is wrong with the terminal at `index` of the list that was sent. */
export interface ImportProblem {
  readonly index: number;
  readonly problem: string;
}

export interface StagedImport {
  readonly importId: string;
  /** How many of the terminals were registered before, just so. */
  readonly unchanged: number;
  /** None of the list was taken unless this is empty. */
  readonly problems: readonly ImportProblem[];
}

/** What is wrong with a line, or what comes of it: a new terminal, or none. */
type Reading = { problem: string } | { terminal: NewTerminal | undefined };

function unlike(known: TerminalRecord, group: string, kekKeyId: string | undefined): string | undefined {
  if (known.groupName !== group) return `it is registered already, in group ${known.groupName}`;
  if (kekKeyId === undefined || kekKeyId === known.kekKeyId) return undefined;
  return 'it is registered already, with another KEK or with none: give it this one by bootstrap';
}

async function readLine(
  { serial, group, kek }: ImportedTerminal,
  groups: ReadonlySet<string>,
  known: TerminalRecord | undefined,
  context: FleetContext,
): Promise<Reading> {
  if (!groups.has(group)) return { problem: `there is no group ${group}` };
  try {
    const record = kek === undefined ? undefined : await findKek(kek, serial, context);
    const problem = known && unlike(known, group, record?.keyId);
    if (problem !== undefined) return { problem };
    if (known) return { terminal: undefined };
    const own = record && { kekKeyId: record.keyId, kekCheckValue: record.checkValue };
    return { terminal: { serial, groupName: group, ...own, registeredAt: context.now() } };
  } catch (error) {
    return { problem: kekProblem(error) };
  }
}

async function readLines(terminals: readonly ImportedTerminal[], context: FleetContext): Promise<Reading[]> {
  const { fleet } = context.store;
  const groups = new Set((await fleet.listGroups(context.region)).map(({ name }) => name));
  const serials = terminals.map(({ serial }) => serial);
  const known = new Map(
    (await fleet.findTerminals(context.region, serials)).map((each) => [each.serial, each]),
  );
  const readings: Reading[] = [];
  for (const line of terminals) readings.push(await readLine(line, groups, known.get(line.serial), context));
  return readings;
}

/**
 * Takes a part of an import; `commitImport` makes terminals of all parts at once. An import that is not committed leaves nothing.
 *
 * @param input.importId of the parts before; none for the first
 */
export async function stageImport(
  input: { importId?: string; terminals: readonly ImportedTerminal[] },
  context: FleetContext,
): Promise<StagedImport> {
  const { importId = randomId(), terminals } = input;
  const readings = await readLines(terminals, context);
  const problems = readings.flatMap((reading, index) =>
    'problem' in reading ? [{ index, problem: reading.problem }] : [],
  );
  const added = readings.flatMap((reading) =>
    'terminal' in reading && reading.terminal ? [reading.terminal] : [],
  );
  if (problems.length === 0) await stage(importId, added, context);
  return { importId, unchanged: readings.length - problems.length - added.length, problems };
}

const TWICE = 'A serial number is in the import twice: each may be there once.';

async function stage(importId: string, added: readonly NewTerminal[], context: FleetContext): Promise<void> {
  const { fleet } = context.store;
  if (new Set(added.map(({ serial }) => serial)).size < added.length) throw conflict(TWICE);
  await fleet.dropImports(context.now() - KEPT);
  try {
    await fleet.stageTerminals(context.region, importId, added);
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(TWICE);
  }
}

/** Registers every terminal of an import, or none. */
export async function commitImport(importId: string, { store, region }: FleetContext): Promise<object> {
  try {
    await store.fleet.commitImport(region, importId);
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(
      'A serial number or a KEK is in the import twice, or was registered meanwhile: see that each is there once, and import again.',
    );
  }
  return {};
}
