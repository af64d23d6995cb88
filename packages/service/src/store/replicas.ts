import { type Database, insertInto, type Statement } from './database.ts';
import { pointAliasesToNone, replaceRevision } from './keys.ts';
import { type KeyRow, keyRecord, keyRow } from './rows.ts';
import { type KeyRecord, StaleRecordError, type Store } from './store.ts';

// The number stands in the text, not among the values, so that the index over these rows alone serves it.
const TO_REPLICATE = 'SELECT * FROM keys WHERE replicating = 1 ORDER BY region, key_id';

export function replicaMethods(
  database: Database,
): Pick<Store, 'keysToReplicate' | 'insertReplica' | 'replaceReplica' | 'retireReplica'> {
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
