import type { Key } from '../api/control-plane.generated.ts';
import { conflict } from '../api/exceptions.ts';
import type { UnsealedKeyRecord } from '../custody/vault.ts';
import { type KeyRecord, StaleRecordError } from '../store/store.ts';
import { keyAnswer } from './key-answer.ts';
import { resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** What is to change of a record; nothing when it is already as it should be. */
export type KeyChange = (record: KeyRecord) => Partial<UnsealedKeyRecord> | undefined;

const MOST_TRIES = 5;

/**
 * Reads a key, changes it and stores it, anew when another request changed it in between.
 *
 * @throws AwsException ConflictException when others were faster every time
 */
export async function changeKey(identifier: string, context: Context, change: KeyChange): Promise<Key> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const record = await resolveKey(identifier, context);
    const changes = change(record);
    if (changes === undefined) return keyAnswer(record, context);
    const changed = await context.vault.resealKey(record, changes);
    if (await replaced(changed, context)) return keyAnswer(changed, context);
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
