import { checkState } from '../../policy/lifecycle.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';
import { stopped } from './stop-key-usage.ts';

const DAY = 24 * 60 * 60 * 1000;
const DEFAULT_DAYS = 7;

/** The key stops at once; it is destroyed when the days are over, and can be restored until then. */
export const deleteKey: Operation<'DeleteKey'> = async (input, context) => {
  const { KeyIdentifier, DeleteKeyInDays = DEFAULT_DAYS } = input;
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    checkState(record, arnOf(record, context), 'DeleteKey');
    const now = context.now();
    const deletePendingAt = now + DeleteKeyInDays * DAY;
    return { ...stopped(record, now), state: 'DELETE_PENDING', deletePendingAt };
  });
  return { Key };
};
