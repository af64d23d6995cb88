import { type Database, insertInto } from './database.ts';
import type { AccessKeyRecord, Store } from './store.ts';

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

export function accessKeyMethods(
  database: Database,
): Pick<Store, 'insertAccessKey' | 'findAccessKey' | 'findAccessKeyOf'> {
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
