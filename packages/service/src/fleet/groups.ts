import { conflict, notFound } from '../api/exceptions.ts';
import { DuplicateRecordError } from '../store/errors.ts';
import type { GroupRecord, TerminalState } from '../store/fleet/fleet-store.ts';
import type { FleetContext } from './fleet-context.ts';
import { findProfile } from './profiles.ts';

export interface GroupAnswer {
  readonly name: string;
  readonly profile: string;
  /** How many terminals are in which state. */
  readonly terminals: Partial<Record<TerminalState, number>>;
}

export async function createGroup(
  { name, profile }: { name: string; profile: string },
  context: FleetContext,
): Promise<GroupAnswer> {
  await findProfile(profile, context);
  const { region, store } = context;
  try {
    await store.fleet.insertGroup({ region, name, profileName: profile, createdAt: context.now() });
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(`Group ${name} is there already.`);
  }
  return { name, profile, terminals: {} };
}

export async function listGroups({ store, region }: FleetContext): Promise<{ groups: GroupAnswer[] }> {
  const [groups, counts] = await Promise.all([
    store.fleet.listGroups(region),
    store.fleet.countTerminals(region),
  ]);
  const terminalsOf = (name: string) =>
    Object.fromEntries(
      counts.filter(({ groupName }) => groupName === name).map(({ state, terminals }) => [state, terminals]),
    );
  return {
    groups: groups.map(({ name, profileName }) => ({
      name,
      profile: profileName,
      terminals: terminalsOf(name),
    })),
  };
}

/** @throws AwsException ResourceNotFoundException */
export async function findGroup(name: string, { store, region }: FleetContext): Promise<GroupRecord> {
  const group = await store.fleet.findGroup(region, name);
  if (group === undefined) throw notFound(`group ${name}`);
  return group;
}
