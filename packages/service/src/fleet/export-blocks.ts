import { createHash } from 'node:crypto';
import { AwsException, conflict } from '../api/exceptions.ts';
import { keyArn } from '../operations/key-identifier.ts';
import type {
  InjectionChange,
  InjectionKey,
  InjectionRecord,
  ProfileKey,
} from '../store/fleet/fleet-store.ts';
import { allocateKsns } from './allocate-ksns.ts';
import type { FleetContext } from './fleet-context.ts';
import { ksnBlock } from './key-set.ts';
import { type LeasedWork, openWork, recordStaleLease, STALE_LEASE } from './leased.ts';
import { type Challenge, challengeFor } from './proof.ts';

/** A key block on its way to its terminal. */
export interface OutgoingBlock extends InjectionKey {
  readonly block: string;
  readonly ksn: string;
  readonly checkValue: string;
  readonly challenge: Challenge;
}

export interface RefusedTask extends InjectionKey {
  readonly code: string;
  readonly message: string;
}

export interface ExportedBlocks {
  readonly blocks: readonly OutgoingBlock[];
  readonly refused: readonly RefusedTask[];
}

function refusal({ serial, purpose }: InjectionKey, code: string, message: string): RefusedTask {
  return { serial, purpose, code, message };
}

/** Why a task can't go on, before anything is done for it. */
function complaint({ serial, purpose }: InjectionKey, work: LeasedWork): [string, string] | undefined {
  const injection = work.injection(serial, purpose);
  if (work.terminal(serial) === undefined) return ['STALE_LEASE', STALE_LEASE];
  if (injection === undefined) return ['NOT_IN_RUN', 'the terminal is to get no such key in this run'];
  if (['WAITING', 'ALLOCATED', 'EXPORTED'].includes(injection.state)) return undefined;
  return ['NOT_OPEN', `the key of the terminal is ${injection.state}`];
}

/** ExportKey of the initial key under the terminal's own KEK: the request names neither, so that no other pair can go out. */
async function exportBlock(
  { serial, ksn }: InjectionRecord,
  { bdkKeyId }: ProfileKey,
  { run, terminal }: LeasedWork,
  { perform, account, region }: FleetContext,
): Promise<{ block: string; checkValue: string }> {
  const { WrappedKey } = await perform('ExportKey', {
    ExportKeyIdentifier: keyArn(account, region, bdkKeyId),
    KeyMaterial: {
      Tr31KeyBlock: {
        WrappingKeyIdentifier: keyArn(account, region, terminal(serial)!.kekKeyId!),
        KeyBlockHeaders: { KeyVersion: run.keyVersion, OptionalBlocks: ksnBlock(ksn!) },
      },
    },
    ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: ksn! } },
  });
  return { block: WrappedKey!.KeyMaterial, checkValue: WrappedKey!.KeyCheckValue! };
}

function hashOf(block: string): string {
  return createHash('sha256').update(block).digest('hex').toUpperCase();
}

/** The injection once its block has left. */
function exported(from: InjectionRecord, block: string, checkValue: string, now: number): InjectionChange {
  const to: InjectionRecord = {
    ...from,
    state: 'EXPORTED',
    checkValue,
    blockHash: hashOf(block),
    sends: from.sends + 1,
    detail: undefined,
    updatedAt: now,
  };
  return { from, to };
}

/** Exports one block, or says why ExportKey refuses. */
async function attemptExport(
  injection: InjectionRecord,
  work: LeasedWork,
  context: FleetContext,
): Promise<RefusedTask | { outgoing: OutgoingBlock; change: InjectionChange }> {
  const { serial, purpose } = injection;
  const key = work.profile.keys.find((candidate) => candidate.purpose === purpose)!;
  try {
    const { block, checkValue } = await exportBlock(injection, key, work, context);
    const challenge = challengeFor(injection, work);
    return {
      outgoing: { serial, purpose, block, ksn: injection.ksn!, checkValue, challenge },
      change: exported(injection, block, checkValue, context.now()),
    };
  } catch (error) {
    if (!(error instanceof AwsException)) throw error;
    return refusal(injection, error.code, error.message);
  }
}

/**
 * Answers with the key blocks of terminals that an agent has leased: allocates their KSNs, exports, and stores that a block has
 * left before it does. A task whose block has left before gets a new KSN: the agent asks again only when its terminal
 * does not have the key, and a key that may have been in a terminal is never sent a second time.
 */
export async function exportBlocks(
  input: { runId: string; lease: string; tasks: readonly InjectionKey[] },
  context: FleetContext,
): Promise<ExportedBlocks> {
  const serials = [...new Set(input.tasks.map(({ serial }) => serial))];
  const work = await openWork(input, serials, context);
  const refused: RefusedTask[] = [];
  const open: InjectionRecord[] = [];
  for (const task of input.tasks) {
    const reason = complaint(task, work);
    if (reason === undefined) open.push(work.injection(task.serial, task.purpose)!);
    else refused.push(refusal(task, ...reason));
    if (reason?.[0] === 'STALE_LEASE') await recordStaleLease(task.serial, context);
  }
  const allocated = await allocateKsns(open, work, context);
  const attempts = await Promise.all(allocated.map((injection) => attemptExport(injection, work, context)));
  const made = attempts.filter((attempt) => 'outgoing' in attempt);
  refused.push(...attempts.filter((attempt) => 'message' in attempt));
  const changes = made.map(({ change }) => change);
  if (!(await context.store.fleet.changeInjections(changes, work.lease))) {
    throw conflict(`Not exported: ${STALE_LEASE}.`);
  }
  return { blocks: made.map(({ outgoing }) => outgoing), refused };
}
