import { resolveKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { readPage } from '../paging.ts';

export const listTagsForResource: Operation<'ListTagsForResource'> = async (input, context) => {
  const { region, keyId } = await resolveKey(input.ResourceArn, context);
  const { rows, next } = await readPage(
    input,
    ['ListTagsForResource', region, keyId],
    (page) => context.store.listTags(region, keyId, page),
    ({ Key }) => Key,
  );
  return { Tags: rows, ...next };
};
