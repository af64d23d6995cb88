import { checkSomeRegions, MOST_REGIONS, tooManyRegions } from '../../policy/replication.ts';
import type { Operation } from '../operation.ts';

/** For keys that this region gets from now on; the answer has all its default regions, not only the added ones. */
export const enableDefaultKeyReplicationRegions: Operation<'EnableDefaultKeyReplicationRegions'> = async (
  { ReplicationRegions },
  { region, store },
) => {
  checkSomeRegions(ReplicationRegions, region);
  if (!(await store.addDefaultRegions(region, ReplicationRegions, MOST_REGIONS))) throw tooManyRegions();
  return { EnabledReplicationRegions: await store.listDefaultRegions(region) };
};
