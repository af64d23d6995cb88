import type { Tag } from '../api/control-plane.generated.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import { type TagRow, tagRecord, tagRow } from './rows.ts';
import type { Store } from './store.ts';

const LIST = 'SELECT * FROM tags WHERE region = ? AND key_id = ? AND tag_key > ? ORDER BY tag_key LIMIT ?';
const REMOVE = 'DELETE FROM tags WHERE region = ? AND key_id = ? AND tag_key = ?';
/** Gives a row if the key has no more tags than allowed. */
const AT_MOST = 'SELECT count(*) AS tags FROM tags WHERE region = ? AND key_id = ? HAVING count(*) <= ?';

/** Adds a tag to a key, or overwrites its value. */
export function putTag(region: string, keyId: string, tag: Tag): Statement {
  const { sql, values } = insertInto('tags', tagRow(region, keyId, tag));
  return {
    sql: `${sql} ON CONFLICT (region, key_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
    values,
  };
}

export function tagMethods(database: Database): Pick<Store, 'listTags' | 'putTags' | 'removeTags'> {
  return {
    async listTags(region, keyId, { after = '', limit }) {
      const values = [region, keyId, after, limit];
      return (await database.query<TagRow>({ sql: LIST, values })).map(tagRecord);
    },
    putTags(region, keyId, tags, most) {
      return database.atomically([
        ...tags.map((tag) => putTag(region, keyId, tag)),
        { sql: AT_MOST, values: [region, keyId, most], required: true },
      ]);
    },
    async removeTags(region, keyId, tagKeys) {
      await database.atomically(tagKeys.map((key) => ({ sql: REMOVE, values: [region, keyId, key] })));
    },
  };
}
