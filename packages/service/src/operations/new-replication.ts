import type { Regions } from '../api/control-plane.generated.ts';
import type { UnsealedKeyRecord } from '../custody/vault.ts';
import { checkRegions, checkReplicable, isReplicable } from '../policy/replication.ts';
import type { Replication } from '../store/records/key.ts';
import type { Store } from '../store/store.ts';
import { newReplication } from './replication-state.ts';

/**
 * The replication that a new key begins with. A request's own regions, even none, come before the default ones; those
 * pass over keys that can't be replicated.
 *
 * @throws AwsException when the request names regions that the key can't be replicated to
 */
export async function replicationOfNewKey(
  key: UnsealedKeyRecord,
  regions: Regions | undefined,
  store: Store,
): Promise<Replication | undefined> {
  const { region } = key;
  if (regions === undefined) {
    return newReplication(region, isReplicable(key) ? await store.listDefaultRegions(region) : [], true);
  }
  checkRegions(regions, region);
  if (regions.length > 0) checkReplicable(key, 'The new key');
  return newReplication(region, regions, false);
}
