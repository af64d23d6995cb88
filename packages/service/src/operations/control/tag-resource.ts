import { checkState } from '../../policy/lifecycle.ts';
import { checkTags, MOST_TAGS, tooManyTags } from '../../policy/tags.ts';
import { arnOf, resolveKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

export const tagResource: Operation<'TagResource'> = async ({ ResourceArn, Tags }, context) => {
  checkTags(Tags);
  const record = await resolveKey(ResourceArn, context);
  checkState(record, arnOf(record, context), 'TagResource');
  if (!(await context.store.putTags(record.region, record.keyId, Tags, MOST_TAGS))) throw tooManyTags();
  return {};
};
