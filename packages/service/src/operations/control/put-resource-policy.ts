import { checkState } from '../../policy/lifecycle.ts';
import { readPolicy } from '../../policy/policy-document.ts';
import { checkNotReplica } from '../../policy/replication.ts';
import { checkNotPublic } from '../../policy/resource-policy.ts';
import { arnOf, resolvePolicyKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** The policy takes the place of the one that there was; put once more, it changes nothing. */
export const putResourcePolicy: Operation<'PutResourcePolicy'> = async ({ ResourceArn, Policy }, context) => {
  const record = await resolvePolicyKey(ResourceArn, context);
  const arn = arnOf(record, context);
  checkNotReplica(record, arn);
  checkState(record, arn, 'PutResourcePolicy');
  checkNotPublic(readPolicy(Policy, arn));
  await context.store.putResourcePolicy(record.region, record.keyId, Policy);
  return { ResourceArn: arn, Policy };
};
