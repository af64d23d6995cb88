import type { ReplicationStatusType } from '../api/control-plane.generated.ts';
import { AWS_SOURCE } from '../audit/event.ts';
import { DuplicateRecordError, StaleRecordError } from '../store/errors.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { destroyed } from './destroy-due-keys.ts';
import { keyArn } from './key-identifier.ts';
import type { Context } from './operation.ts';
import { afterStep, nextStep, type ReplicationStep } from './replication-state.ts';

type ReplicationContext = Pick<Context, 'account' | 'store' | 'vault' | 'audit' | 'now'>;

/** A step that another request overtook so often is left to the next run. */
const MOST_TRIES = 5;

function isReplicaOf(primary: KeyRecord, { replication }: KeyRecord): boolean {
  return replication?.type === 'REPLICA' && replication.primaryRegion === primary.region;
}

/** The primary's record once a replica is written or refused. Statuses are not bound to the material: binding.ts. */
function withStatus(primary: KeyRecord, region: string, status: ReplicationStatusType): KeyRecord {
  return { ...primary, replication: afterStep(primary.replication!, region, status) };
}

/** The primary's record once a region is gone; which regions there are is bound to the material, if there still is one. */
async function withoutRegion(
  primary: KeyRecord,
  region: string,
  { vault }: ReplicationContext,
): Promise<KeyRecord> {
  const replication = afterStep(primary.replication!, region, undefined);
  return primary.sealed === undefined
    ? { ...primary, replication }
    : vault.resealKey(primary, { replication });
}

/** Everything of the primary, sealed for its place in the other region. */
function replicaOf(
  primary: KeyRecord,
  region: string,
  revision: number,
  { vault }: ReplicationContext,
): Promise<KeyRecord> {
  const replication = {
    type: 'REPLICA',
    primaryRegion: primary.region,
    regions: {},
    usingDefaults: false,
  } as const;
  return vault.resealKey(primary, { region, replication, revision });
}

async function writeReplica(primary: KeyRecord, region: string, context: ReplicationContext): Promise<void> {
  const { store } = context;
  const found = await store.findKey(region, primary.keyId);
  if (found !== undefined && !isReplicaOf(primary, found)) {
    const StatusMessage = `Region ${region} has another key with the id ${primary.keyId}.`;
    return store.replaceKey(withStatus(primary, region, { Status: 'FAILED', StatusMessage }));
  }
  const synchronized = withStatus(primary, region, { Status: 'SYNCHRONIZED' });
  const replica = await replicaOf(primary, region, found?.revision ?? 0, context);
  await (found ? store.replaceReplica(replica, synchronized) : store.insertReplica(replica, synchronized));
}

/** The replica stays as a record without material, as every deleted key does. */
async function removeReplica(primary: KeyRecord, region: string, context: ReplicationContext): Promise<void> {
  const { store, now } = context;
  const found = await store.findKey(region, primary.keyId);
  const without = await withoutRegion(primary, region, context);
  const leaves = found !== undefined && isReplicaOf(primary, found) && found.state !== 'DELETE_COMPLETE';
  await (leaves ? store.retireReplica(destroyed(found, now()), without) : store.replaceKey(without));
}

/** AWS's name for it, whichever way the replica went. */
function recordStep(
  { region: primaryRegion, keyId }: KeyRecord,
  { region, act }: ReplicationStep,
  { account, audit }: ReplicationContext,
): void {
  audit.record({
    eventName: 'SynchronizeMultiRegionKey',
    eventSource: AWS_SOURCE,
    region,
    keys: [keyArn(account, primaryRegion, keyId), keyArn(account, region, keyId)],
    details: { primaryRegion, replica: act === 'write' ? 'written' : 'removed' },
  });
}

/** Takes one step in one transaction of the store; false when another request changed the primary or replica first. */
async function take(
  primary: KeyRecord,
  { region, act }: ReplicationStep,
  context: ReplicationContext,
): Promise<boolean> {
  try {
    await (act === 'write' ? writeReplica : removeReplica)(primary, region, context);
    recordStep(primary, { region, act }, context);
    return true;
  } catch (error) {
    if (error instanceof StaleRecordError || error instanceof DuplicateRecordError) return false;
    throw error;
  }
}

/**
 * Brings the replicas of a stored key to where its record says that they are to be.
 *
 * @returns the record as it then is
 */
export async function replicateKey(key: KeyRecord, context: ReplicationContext): Promise<KeyRecord> {
  if (key.replication === undefined) return key;
  for (let tries = 0; ; ) {
    const primary = (await context.store.findKey(key.region, key.keyId))!;
    const step = nextStep(primary);
    if (step === undefined || tries === MOST_TRIES) return primary;
    if (!(await take(primary, step, context))) tries += 1;
  }
}

/**
 * Finishes what a crash or an error left undone, for the keys of every region.
 *
 * @param failed is told the error of a key that can't be replicated; the others still are
 */
export async function replicateKeys(
  context: ReplicationContext,
  failed: (error: unknown) => void,
): Promise<void> {
  for (const key of await context.store.keysToReplicate()) {
    // Nothing is changed that could not be recorded.
    await context.audit.commit();
    await replicateKey(key, context).catch(failed);
  }
}
