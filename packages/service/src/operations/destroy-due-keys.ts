import { type KeyRecord, StaleRecordError } from '../store/store.ts';
import type { Context } from './operation.ts';

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
export async function destroyDueKeys({ store, now }: Pick<Context, 'store' | 'now'>): Promise<number> {
  const deletedAt = now();
  let count = 0;
  for (const record of await store.keysToDestroy(deletedAt)) {
    try {
      await store.retireKey(destroyed(record, deletedAt));
      count += 1;
    } catch (error) {
      if (!(error instanceof StaleRecordError)) throw error;
    }
  }
  return count;
}
