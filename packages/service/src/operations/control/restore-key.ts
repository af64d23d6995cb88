import { checkState } from '../../policy/lifecycle.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** The key comes back disabled: StartKeyUsage is a decision of its own. */
export const restoreKey: Operation<'RestoreKey'> = async ({ KeyIdentifier }, context) => {
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    checkState(record, arnOf(record, context), 'RestoreKey');
    return { state: 'CREATE_COMPLETE', deletePendingAt: undefined };
  });
  return { Key };
};
