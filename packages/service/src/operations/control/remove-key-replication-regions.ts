import { invalid } from '../../api/exceptions.ts';
import { checkState } from '../../policy/lifecycle.ts';
import { checkSomeRegions } from '../../policy/replication.ts';
import type { KeyRecord, Replication } from '../../store/records/key.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { withoutRegions } from '../replication-state.ts';

function replicationTo(regions: readonly string[], { replication }: KeyRecord, arn: string): Replication {
  const names = Object.keys(replication?.regions ?? {});
  const missing = regions.find((region) => !names.includes(region));
  if (replication !== undefined && missing === undefined) return replication;
  const found = names.length === 0 ? 'it has no replicas' : `it is replicated to ${names.join(', ')}`;
  throw invalid(`ReplicationRegions has ${missing}, where key ${arn} has no replica: ${found}.`);
}

/** The replicas are destroyed at once, whoever uses them; only adding the region again brings them back. */
export const removeKeyReplicationRegions: Operation<'RemoveKeyReplicationRegions'> = async (
  input,
  context,
) => {
  const { KeyIdentifier, ReplicationRegions } = input;
  checkSomeRegions(ReplicationRegions, context.region);
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    const arn = arnOf(record, context);
    checkState(record, arn, 'RemoveKeyReplicationRegions');
    const replication = replicationTo(ReplicationRegions, record, arn);
    return { replication: withoutRegions(replication, ReplicationRegions) };
  });
  return { Key };
};
