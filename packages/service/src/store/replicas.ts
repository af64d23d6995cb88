import { type Database, insertInto, type Statement } from './database.ts';
import { StaleRecordError } from './errors.ts';
import { pointAliasesToNone, replaceRevision } from './keys.ts';
import type { KeyRecord } from './records/key.ts';
import { type KeyRow, keyRecord, keyRow } from './rows.ts';

// The number stands in the text, not among the values, so that the index over these rows alone serves it.
const TO_REPLICATE = 'SELECT * FROM keys WHERE replicating = 1 ORDER BY region, key_id';

/** Replicas of keys of several regions. */
export interface ReplicaStore {
  /** Primaries, of every region, with a replica that is still to be written or destroyed. */
  keysToReplicate(): Promise<KeyRecord[]>;
  /** Stores a new replica and, in the same step, as `replaceKey`, its changed primary. @throws DuplicateRecordError, StaleRecordError */
  insertReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
  /** As `replaceKey`, for a replica and its primary in one step. @throws StaleRecordError */
  replaceReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
  /** As `retireKey`, for a replica; its primary, in the same step, is only changed. @throws StaleRecordError */
  retireReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
}

export function replicaMethods(database: Database): ReplicaStore {
  /** Whoever changes a replica changes the primary with it, so that its revision orders the changes of both. */
  const withPrimary = async (primary: KeyRecord, ...replica: readonly Statement[]) => {
    if (await database.atomically([replaceRevision(primary), ...replica])) return;
    throw new StaleRecordError(`key ${primary.keyId} or its replica is no longer at its revision`);
  };

  return {
    async keysToReplicate() {
      return (await database.query<KeyRow>({ sql: TO_REPLICATE, values: [] })).map(keyRecord);
    },
    insertReplica(replica, primary) {
      return withPrimary(primary, insertInto('keys', keyRow(replica)));
    },
    replaceReplica(replica, primary) {
      return withPrimary(primary, replaceRevision(replica));
    },
    retireReplica(replica, primary) {
      return withPrimary(primary, replaceRevision(replica), pointAliasesToNone(replica));
    },
  };
}
