import { summaryAnswer } from '../key-answer.ts';
import type { Operation } from '../operation.ts';
import { readPage } from '../paging.ts';

/** Deleted keys are listed too; callers filter by KeyState. */
export const listKeys: Operation<'ListKeys'> = async (input, context) => {
  const { region, store } = context;
  const { rows, next } = await readPage(
    input,
    ['ListKeys', region, input.KeyState ?? ''],
    (page) => store.listKeys(region, { state: input.KeyState }, page),
    ({ keyId }) => keyId,
  );
  return { Keys: rows.map((record) => summaryAnswer(record, context)), ...next };
};
