import type { KeyState, Tag } from '../api/control-plane.generated.ts';
import { insertSession } from './approval-rows.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import { StaleRecordError, TooManyRecordsError } from './errors.ts';
import type { Page } from './page.ts';
import type { KeyRecord, NewKeyOptions } from './records/key.ts';
import { type KeyRow, keyRecord, keyRow } from './rows.ts';
import { putTag } from './tags.ts';
import { insertTransfer } from './transfers.ts';

const FIND = 'SELECT * FROM keys WHERE region = ? AND key_id = ?';
const LIST = 'SELECT * FROM keys WHERE region = ? AND key_id > ? ORDER BY key_id LIMIT ?';
const LIST_IN_STATE =
  'SELECT * FROM keys WHERE region = ? AND state = ? AND key_id > ? ORDER BY key_id LIMIT ?';
// The state stands in the text, not among the values, so that the index over this state alone serves it.
const TO_DESTROY =
  "SELECT * FROM keys WHERE state = 'DELETE_PENDING' AND delete_pending_at <= ? ORDER BY delete_pending_at, region, key_id";
/** Gives a row if the region has no more keys than allowed. */
const AT_MOST =
  "SELECT count(*) AS keys FROM keys WHERE region = ? AND state <> 'DELETE_COMPLETE' HAVING count(*) <= ?";
const POINT_TO_NONE = 'UPDATE aliases SET key_id = NULL WHERE region = ? AND key_id = ?';

/** Writes the record over the stored one of the same revision, and counts the revision up. */
export function replaceRevision(record: KeyRecord): Statement {
  const { region, key_id, revision, ...changed } = keyRow(record);
  const assignments = Object.keys(changed).map((column) => `${column} = ?`);
  return {
    sql: `UPDATE keys SET ${assignments.join(', ')}, revision = revision + 1 WHERE region = ? AND key_id = ? AND revision = ? RETURNING key_id`,
    values: [...Object.values(changed), region, key_id, revision],
    required: true,
  };
}

/** For a key whose material is gone. */
export function pointAliasesToNone({ region, keyId }: KeyRecord): Statement {
  return { sql: POINT_TO_NONE, values: [region, keyId] };
}

/** Keys with their tags. */
export interface KeyStore {
  /** Stores a new key with its tags. @throws DuplicateRecordError, TooManyRecordsError */
  insertKey(record: KeyRecord, tags: readonly Tag[], options?: NewKeyOptions): Promise<void>;
  findKey(region: string, keyId: string): Promise<KeyRecord | undefined>;
  /** Stores a changed record, if its revision is still the stored one, and counts the revision up. @throws StaleRecordError */
  replaceKey(record: KeyRecord): Promise<void>;
  /** As `replaceKey`; aliases that point to the key then point to none. For a record whose material is gone. */
  retireKey(record: KeyRecord): Promise<void>;
  /** In order of key id; `after` is a key id. */
  listKeys(
    region: string,
    filter: { readonly state?: KeyState | undefined },
    page: Page,
  ): Promise<KeyRecord[]>;
  /** Keys in DELETE_PENDING, of every region, whose day has come by `now`. */
  keysToDestroy(now: number): Promise<KeyRecord[]>;
}

export function keyMethods(database: Database): KeyStore {
  const records = async (sql: string, ...values: Statement['values']) =>
    (await database.query<KeyRow>({ sql, values })).map(keyRecord);

  const replace = async (record: KeyRecord, ...alongside: readonly Statement[]) => {
    if (await database.atomically([replaceRevision(record), ...alongside])) return;
    throw new StaleRecordError(`key ${record.keyId} is no longer at revision ${record.revision}`);
  };

  return {
    async insertKey(record, tags, { session, most, transfer } = {}) {
      const { region, keyId } = record;
      const stored = await database.atomically([
        insertInto('keys', keyRow(record)),
        ...tags.map((tag) => putTag(region, keyId, tag)),
        ...(session === undefined ? [] : [insertSession(session)]),
        ...(transfer === undefined ? [] : [insertTransfer(transfer)]),
        ...(most === undefined ? [] : [{ sql: AT_MOST, values: [region, most], required: true as const }]),
      ]);
      if (!stored) throw new TooManyRecordsError(`${region} has ${most} keys`);
    },
    async findKey(region, keyId) {
      return (await records(FIND, region, keyId))[0];
    },
    async replaceKey(record) {
      await replace(record);
    },
    async retireKey(record) {
      await replace(record, pointAliasesToNone(record));
    },
    listKeys(region, { state }, { after = '', limit }) {
      return state === undefined
        ? records(LIST, region, after, limit)
        : records(LIST_IN_STATE, region, state, after, limit);
    },
    keysToDestroy(now) {
      return records(TO_DESTROY, now);
    },
  };
}
