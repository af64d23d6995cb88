import { checkState } from '../../policy/lifecycle.ts';
import { checkReplicable, checkSomeRegions, MOST_REGIONS, tooManyRegions } from '../../policy/replication.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { withRegions } from '../replication-state.ts';

/** Nothing changes for regions that have a replica already; one that failed is tried again. */
export const addKeyReplicationRegions: Operation<'AddKeyReplicationRegions'> = async (input, context) => {
  const { KeyIdentifier, ReplicationRegions } = input;
  checkSomeRegions(ReplicationRegions, context.region);
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    const arn = arnOf(record, context);
    checkState(record, arn, 'AddKeyReplicationRegions');
    checkReplicable(record, `Key ${arn}`);
    const replication = withRegions(record, ReplicationRegions);
    if (replication === undefined) return undefined;
    if (Object.keys(replication.regions).length > MOST_REGIONS) throw tooManyRegions();
    return { replication };
  });
  return { Key };
};
