import { checkSomeRegions } from '../../policy/replication.ts';
import type { Operation } from '../operation.ts';

/** Keys that are there keep their replicas. A region that is no default one is passed over. */
export const disableDefaultKeyReplicationRegions: Operation<'DisableDefaultKeyReplicationRegions'> = async (
  { ReplicationRegions },
  { region, store },
) => {
  checkSomeRegions(ReplicationRegions, region);
  await store.removeDefaultRegions(region, ReplicationRegions);
  return { EnabledReplicationRegions: await store.listDefaultRegions(region) };
};
