import { type Database, insertInto } from './database.ts';
import type { AccessKeyRecord } from './records/access-key.ts';

const FIND = 'SELECT * FROM access_keys WHERE access_key_id = ?';
const FIND_OF_USER = 'SELECT * FROM access_keys WHERE user_name = ?';

export type AccessKeyRow = ReturnType<typeof accessKeyRow>;

function accessKeyRow({ user, accessKeyId, createdAt, sealed }: AccessKeyRecord) {
  return { user_name: user, access_key_id: accessKeyId, created_at: createdAt, sealed };
}

export function accessKeyRecord(row: AccessKeyRow): AccessKeyRecord {
  return {
    user: row.user_name,
    accessKeyId: row.access_key_id,
    createdAt: row.created_at,
    sealed: row.sealed,
  };
}

/** Access keys of members of approval teams. */
export interface AccessKeyStore {
  /** @throws DuplicateRecordError when the user has an access key */
  insertAccessKey(key: AccessKeyRecord): Promise<void>;
  findAccessKey(accessKeyId: string): Promise<AccessKeyRecord | undefined>;
  findAccessKeyOf(user: string): Promise<AccessKeyRecord | undefined>;
}

export function accessKeyMethods(database: Database): AccessKeyStore {
  const record = async (sql: string, value: string) =>
    (await database.query<AccessKeyRow>({ sql, values: [value] })).map(accessKeyRecord)[0];

  return {
    async insertAccessKey(key) {
      await database.atomically([insertInto('access_keys', accessKeyRow(key))]);
    },
    findAccessKey(accessKeyId) {
      return record(FIND, accessKeyId);
    },
    findAccessKeyOf(user) {
      return record(FIND_OF_USER, user);
    },
  };
}
