import type { Key } from '../api/control-plane.generated.ts';
import { conflict } from '../api/exceptions.ts';
import type { UnsealedKeyRecord } from '../custody/vault.ts';
import { checkNotReplica } from '../policy/replication.ts';
import { StaleRecordError } from '../store/errors.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { keyAnswer } from './key-answer.ts';
import { arnOf, resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';
import { replicateKey } from './replicate-keys.ts';
import { afterChange } from './replication-state.ts';

/** What is to change of a record; nothing when it is already as it should be. */
export type KeyChange = (record: KeyRecord) => Partial<UnsealedKeyRecord> | undefined;

const MOST_TRIES = 5;

/**
 * Reads a key, changes it and stores it, anew when another request changed it in between. Its replicas follow before the
 * answer.
 *
 * @throws AwsException ConflictException for a replica, and when others were faster every time
 */
export async function changeKey(identifier: string, context: Context, change: KeyChange): Promise<Key> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const record = await resolveKey(identifier, context);
    checkNotReplica(record, arnOf(record, context));
    const changes = change(record);
    if (changes === undefined) return keyAnswer(record, context);
    const replication = afterChange(record.replication, changes.state);
    const changed = await context.vault.resealKey(record, { replication, ...changes });
    if (await replaced(changed, context)) return keyAnswer(await replicateKey(changed, context), context);
  }
  throw conflict(`Other requests are changing ${identifier} at the same time: try again.`);
}

async function replaced(changed: KeyRecord, { store }: Context): Promise<boolean> {
  try {
    await store.replaceKey(changed);
    return true;
  } catch (error) {
    if (error instanceof StaleRecordError) return false;
    throw error;
  }
}
