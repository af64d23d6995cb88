import type { Tag } from '../api/control-plane.generated.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import type { Page } from './page.ts';
import { type TagRow, tagRecord, tagRow } from './rows.ts';

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

/** Tags of keys. */
export interface TagStore {
  /** In order of tag key; `after` is a tag key. */
  listTags(region: string, keyId: string, page: Page): Promise<Tag[]>;
  /** Adds and overwrites tags; stores nothing and answers false when the key would then have more than `most`. */
  putTags(region: string, keyId: string, tags: readonly Tag[], most: number): Promise<boolean>;
  removeTags(region: string, keyId: string, tagKeys: readonly string[]): Promise<void>;
}

export function tagMethods(database: Database): TagStore {
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
