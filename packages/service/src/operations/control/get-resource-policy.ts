import { AwsException } from '../../api/exceptions.ts';
import { arnOf, resolvePolicyKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** Answers the policy as it was put, to the character. */
export const getResourcePolicy: Operation<'GetResourcePolicy'> = async ({ ResourceArn }, context) => {
  const record = await resolvePolicyKey(ResourceArn, context);
  const arn = arnOf(record, context);
  const Policy = await context.store.findResourcePolicy(record.region, record.keyId);
  if (Policy !== undefined) return { ResourceArn: arn, Policy };
  throw new AwsException('ResourceNotFoundException', `Key ${arn} has no resource policy.`, {
    ResourceId: arn,
  });
};
