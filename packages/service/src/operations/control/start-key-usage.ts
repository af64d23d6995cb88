import { checkState } from '../../policy/lifecycle.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** Enables a key; nothing changes when it is enabled already. */
export const startKeyUsage: Operation<'StartKeyUsage'> = async ({ KeyIdentifier }, context) => {
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    checkState(record, arnOf(record, context), 'StartKeyUsage');
    if (record.enabled) return undefined;
    return { enabled: true, usageStartedAt: context.now(), usageStoppedAt: undefined };
  });
  return { Key };
};
