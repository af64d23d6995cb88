import { AwsException, conflict, invalid } from '../api/exceptions.ts';
import type { KeyRecord } from '../store/records/key.ts';

/** Regions that a key may have replicas in, and that a region may have as default ones: more than AWS has. */
export const MOST_REGIONS = 50;

export function tooManyRegions(): AwsException {
  return new AwsException(
    'ServiceQuotaExceededException',
    `A key is replicated to at most ${MOST_REGIONS} regions.`,
  );
}

/** Throws unless a request of the region `own` may name these regions for replicas. */
export function checkRegions(regions: readonly string[], own: string): void {
  const seen = new Set<string>();
  for (const region of regions) {
    if (region === own) {
      throw invalid(`ReplicationRegions has ${region}, where the key itself is: name other regions.`);
    }
    if (seen.has(region)) {
      throw invalid(`ReplicationRegions has ${region} more than once: name each region once.`);
    }
    seen.add(region);
  }
  if (regions.length > MOST_REGIONS) throw tooManyRegions();
}

/** As `checkRegions`, for requests that are about nothing else. */
export function checkSomeRegions(regions: readonly string[], own: string): void {
  if (regions.length === 0) throw invalid('ReplicationRegions is empty: name at least one region.');
  checkRegions(regions, own);
}

type Replicable = Pick<KeyRecord, 'exportable' | 'attributes'>;

/** Certificates stay: whom a region trusts is decided in that region, by its own approvals. */
function isPublic({ attributes }: Replicable): boolean {
  return attributes.KeyClass === 'PUBLIC_KEY';
}

/** Whether the key may leave its region. */
export function isReplicable(key: Replicable): boolean {
  return key.exportable && !isPublic(key);
}

/** Throws unless the key may leave its region. `name` is what the message calls it. */
export function checkReplicable(key: Replicable, name: string): void {
  if (isPublic(key)) {
    throw invalid(`${name} is a PUBLIC_KEY and can't be replicated: import its certificate in each region.`);
  }
  if (isReplicable(key)) return;
  throw invalid(
    `${name} is not exportable and can't be replicated: ReplicationRegions needs an exportable key.`,
  );
}

/** Throws for a replica, which only follows its primary. `arn` is the replica's. */
export function checkNotReplica({ region, replication }: KeyRecord, arn: string): void {
  if (replication?.type !== 'REPLICA') return;
  const primary = arn.replace(`:${region}:`, `:${replication.primaryRegion}:`);
  throw conflict(
    `Key ${arn} is a replica and read-only: change its primary key ${primary} in region ${replication.primaryRegion}.`,
  );
}
