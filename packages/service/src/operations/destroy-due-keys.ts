import { StaleRecordError } from '../store/errors.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { keyArn } from './key-identifier.ts';
import type { Context } from './operation.ts';

type DestructionContext = Pick<Context, 'account' | 'store' | 'audit' | 'now'>;

/** A key without its material. */
export function destroyed(record: KeyRecord, deletedAt: number): KeyRecord {
  return {
    ...record,
    state: 'DELETE_COMPLETE',
    enabled: false,
    usageStartedAt: undefined,
    usageStoppedAt: record.enabled ? deletedAt : record.usageStoppedAt,
    deletePendingAt: undefined,
    deletedAt,
    sealed: undefined,
  };
}

/**
 * Destroys the material of every key, in every region, whose deletion has come due. A key that was changed meanwhile, restored
 * perhaps, is left for the next time.
 *
 * @returns how many keys were destroyed
 */
export async function destroyDueKeys(context: DestructionContext): Promise<number> {
  const deletedAt = context.now();
  let count = 0;
  for (const record of await context.store.keysToDestroy(deletedAt)) {
    if (await destroy(record, deletedAt, context)) count += 1;
  }
  return count;
}

/** It is on record before it is done, and with how it ended. */
async function destroy(
  record: KeyRecord,
  deletedAt: number,
  { account, store, audit }: DestructionContext,
): Promise<boolean> {
  const { region, keyId } = record;
  const event = { eventName: 'DestroyKey', region, keys: [keyArn(account, region, keyId)] };
  const announced = await audit.announce(event);
  try {
    await store.retireKey(destroyed(record, deletedAt));
    audit.record(event, announced);
    return true;
  } catch (error) {
    audit.record({ ...event, errorCode: (error as Error).name }, announced);
    if (error instanceof StaleRecordError) return false;
    throw error;
  }
}
