import { conflict } from '../api/exceptions.ts';
import type { InjectionChange, InjectionRecord, ProfileKey } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { formatInitialKsn } from './key-set.ts';
import { type LeasedWork, STALE_LEASE } from './leased.ts';

/** @throws AwsException ConflictException when the key set has not so many numbers left */
async function takeNumbers(keySetId: string, count: number, { store }: FleetContext): Promise<number> {
  const first = await store.fleet.takeNumbers(keySetId, count);
  if (first !== undefined) return first;
  const { next, last } = (await store.fleet.findKeySet(keySetId))!;
  throw conflict(
    `Key set ${keySetId} has ${last + 1 - next} of its numbers left, and ${count} are needed: give the group a profile with another key set.`,
  );
}

async function number(
  injections: readonly InjectionRecord[],
  { algorithm, keySetId }: ProfileKey,
  context: FleetContext,
): Promise<InjectionChange[]> {
  if (injections.length === 0) return [];
  const first = await takeNumbers(keySetId, injections.length, context);
  const updatedAt = context.now();
  return injections.map((from, i) => {
    const ksn = formatInitialKsn(algorithm, keySetId, first + i);
    return { from, to: { ...from, state: 'ALLOCATED', ksn, updatedAt } };
  });
}

/**
 * Gives each injection a KSN that nobody has had. One that has its KSN and whose block has not left keeps it. A number that was
 * taken when something then fails is not given again.
 *
 * @throws AwsException ConflictException when a key set has not enough numbers, or the lease has ended
 */
export async function allocateKsns(
  injections: readonly InjectionRecord[],
  { profile, lease }: LeasedWork,
  context: FleetContext,
): Promise<InjectionRecord[]> {
  const kept = injections.filter(({ state }) => state === 'ALLOCATED');
  const changes: InjectionChange[] = [];
  for (const key of profile.keys) {
    const own = injections.filter(({ state, purpose }) => state !== 'ALLOCATED' && purpose === key.purpose);
    changes.push(...(await number(own, key, context)));
  }
  if (!(await context.store.fleet.giveKsns(changes, lease)))
    throw conflict(`No KSN was given: ${STALE_LEASE}.`);
  return [...kept, ...changes.map(({ to }) => to)];
}
