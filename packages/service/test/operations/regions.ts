import assert from 'node:assert/strict';
import type { Key } from '../../src/api/control-plane.generated.ts';
import { SealError } from '../../src/custody/main-key.ts';
import type { Context } from '../../src/operations/operation.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import { attributes, type Service } from './service.ts';

// Keys of several regions, for tests. The service's own region is us-east-2.

export const HOME = 'us-east-2';
export const WEST = 'us-west-2';
export const EUROPE = 'eu-central-1';
export const REGIONS = [HOME, WEST, EUROPE];

/** The same key in another region. */
export function inRegion(arn: string, region: string): string {
  return arn.replace(HOME, region);
}

export async function newKey(
  service: Service,
  ReplicationRegions?: string[],
  Exportable = true,
  context: Partial<Context> = {},
): Promise<Key> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  const regions = ReplicationRegions === undefined ? {} : { ReplicationRegions };
  return (await service.call('CreateKey', { KeyAttributes, Exportable, ...regions }, context)).Key;
}

/** GetKey in a region. */
export async function getKey(service: Service, arn: string, region = HOME): Promise<Key> {
  const KeyIdentifier = inRegion(arn, region);
  return (await service.call('GetKey', { KeyIdentifier }, { region })).Key;
}

async function everyRecord({ store }: Context): Promise<KeyRecord[]> {
  const lists = await Promise.all(REGIONS.map((region) => store.listKeys(region, {}, { limit: 1000 })));
  return lists.flat();
}

/** What a replica has in common with its primary: all but the place, the seal and the revision. */
function shared({ region, replication, sealed, revision, ...common }: KeyRecord): object {
  return common;
}

async function assertReplica(replica: KeyRecord, primary: KeyRecord, { vault }: Context): Promise<void> {
  assert.deepEqual(shared(replica), shared(primary));
  assert.deepEqual([replica.replication?.type, replica.replication?.primaryRegion], ['REPLICA', HOME]);
  using opened = await vault.openKey(replica);
  using original = await vault.openKey(primary);
  assert.ok(opened.equals(original));
  // Each is sealed for its own place.
  await assert.rejects(vault.openKey({ ...primary, sealed: replica.sealed }), SealError);
}

/**
 * Holds all keys against each other: each primary has a replica of its own state in every region that it names, nothing is left
 * to do, and whatever else is a replica was destroyed.
 */
export async function assertSettled(context: Context): Promise<void> {
  assert.deepEqual(await context.store.keysToReplicate(), []);
  const records = await everyRecord(context);
  const wanted = new Set<KeyRecord>();
  for (const primary of records.filter(({ replication }) => replication?.type === 'PRIMARY')) {
    for (const [region, { Status }] of Object.entries(primary.replication!.regions)) {
      assert.equal(Status, 'SYNCHRONIZED');
      const replica = records.find((each) => each.region === region && each.keyId === primary.keyId);
      await assertReplica(replica!, primary, context);
      wanted.add(replica!);
    }
  }
  for (const record of records) {
    if (record.replication?.type !== 'REPLICA' || wanted.has(record)) continue;
    assert.deepEqual([record.state, record.sealed, record.enabled], ['DELETE_COMPLETE', undefined, false]);
  }
}
