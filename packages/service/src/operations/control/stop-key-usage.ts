import type { UnsealedKeyRecord } from '../../custody/vault.ts';
import { checkState } from '../../policy/lifecycle.ts';
import type { KeyRecord } from '../../store/records/key.ts';
import { changeKey } from '../change-key.ts';
import { arnOf } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** Disables a key; nothing changes when it is disabled already. */
export function stopped(record: KeyRecord, now: number): Partial<UnsealedKeyRecord> | undefined {
  return record.enabled ? { enabled: false, usageStartedAt: undefined, usageStoppedAt: now } : undefined;
}

export const stopKeyUsage: Operation<'StopKeyUsage'> = async ({ KeyIdentifier }, context) => {
  const Key = await changeKey(KeyIdentifier, context, (record) => {
    checkState(record, arnOf(record, context), 'StopKeyUsage');
    return stopped(record, context.now());
  });
  return { Key };
};
