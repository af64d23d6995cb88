import type { KeyReplicationState, KeyState, ReplicationStatusType } from '../api/control-plane.generated.ts';
import type { KeyRecord, Replication } from '../store/records/key.ts';

// A primary's record says of each replica how far it is, and is stored before any replica is touched. That makes it the
// list of what is still to be done:
//
//   IN_PROGRESS         the replica is to be written        -> SYNCHRONIZED, or FAILED
//   DELETE_IN_PROGRESS  the replica is to be destroyed      -> the region is no longer in the record

const IN_PROGRESS: ReplicationStatusType = { Status: 'IN_PROGRESS' };
const DELETE_IN_PROGRESS: ReplicationStatusType = { Status: 'DELETE_IN_PROGRESS' };

/** One thing to do for a primary: to write its replica in a region, or to remove it. */
export interface ReplicationStep {
  readonly region: string;
  readonly act: 'write' | 'remove';
}

function inEach(regions: readonly string[], status: ReplicationStatusType): Replication['regions'] {
  return Object.fromEntries(regions.map((region) => [region, status]));
}

/** A primary in `primaryRegion`, its replicas still to be written; none for no regions. */
export function newReplication(
  primaryRegion: string,
  regions: readonly string[],
  usingDefaults: boolean,
): Replication | undefined {
  if (regions.length === 0) return undefined;
  return { type: 'PRIMARY', primaryRegion, regions: inEach(regions, IN_PROGRESS), usingDefaults };
}

/** After a change of the primary: replicas follow it, and are destroyed when it is to be deleted. */
export function afterChange(
  replication: Replication | undefined,
  state: KeyState | undefined,
): Replication | undefined {
  if (replication === undefined) return undefined;
  const names = Object.keys(replication.regions);
  if (state === 'DELETE_PENDING') return { ...replication, regions: inEach(names, DELETE_IN_PROGRESS) };
  const synchronized = names.filter((name) => replication.regions[name]!.Status === 'SYNCHRONIZED');
  return { ...replication, regions: { ...replication.regions, ...inEach(synchronized, IN_PROGRESS) } };
}

const KEPT: readonly (KeyReplicationState | undefined)[] = ['IN_PROGRESS', 'SYNCHRONIZED'];

/** With replicas in these regions too; one that failed is tried again. Undefined when nothing is to be done. */
export function withRegions(
  { region, replication }: KeyRecord,
  added: readonly string[],
): Replication | undefined {
  const regions = replication?.regions ?? {};
  const wanted = added.filter((each) => !KEPT.includes(regions[each]?.Status));
  const made = newReplication(region, wanted, false);
  return made && { ...made, regions: { ...regions, ...made.regions } };
}

/** Without replicas in these regions, which it has. */
export function withoutRegions(replication: Replication, removed: readonly string[]): Replication {
  const regions = { ...replication.regions, ...inEach(removed, DELETE_IN_PROGRESS) };
  return { ...replication, regions, usingDefaults: false };
}

/** Once a step is done: the region's status, or undefined for a region that is gone. */
export function afterStep(
  { regions, ...replication }: Replication,
  region: string,
  status: ReplicationStatusType | undefined,
): Replication | undefined {
  const { [region]: _, ...others } = regions;
  const left = status === undefined ? others : { ...others, [region]: status };
  return Object.keys(left).length === 0 ? undefined : { ...replication, regions: left };
}

/** What is to be done next for a key. */
export function nextStep({ replication }: KeyRecord): ReplicationStep | undefined {
  for (const [region, { Status }] of Object.entries(replication?.regions ?? {})) {
    if (Status === 'IN_PROGRESS') return { region, act: 'write' };
    if (Status === 'DELETE_IN_PROGRESS') return { region, act: 'remove' };
  }
  return undefined;
}
