import { checkState } from '../../policy/lifecycle.ts';
import { arnOf, resolveKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

export const untagResource: Operation<'UntagResource'> = async ({ ResourceArn, TagKeys }, context) => {
  const record = await resolveKey(ResourceArn, context);
  checkState(record, arnOf(record, context), 'UntagResource');
  await context.store.removeTags(record.region, record.keyId, TagKeys);
  return {};
};
