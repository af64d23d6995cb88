import { type Database, insertInto, type Statement } from './database.ts';
import { TooManyRecordsError } from './errors.ts';
import type { Page } from './page.ts';
import type { AliasRecord } from './records/alias.ts';
import { type AliasRow, aliasRecord, aliasRow } from './rows.ts';

const FIND = 'SELECT * FROM aliases WHERE region = ? AND alias_name = ?';
const REPLACE = 'UPDATE aliases SET key_id = ? WHERE region = ? AND alias_name = ? RETURNING alias_name';
const DELETE = 'DELETE FROM aliases WHERE region = ? AND alias_name = ? RETURNING alias_name';
/** Gives a row if the region has no more aliases than allowed. */
const AT_MOST = 'SELECT count(*) AS aliases FROM aliases WHERE region = ? HAVING count(*) <= ?';
const LIST = 'SELECT * FROM aliases WHERE region = ? AND alias_name > ? ORDER BY alias_name LIMIT ?';
const LIST_OF_KEY =
  'SELECT * FROM aliases WHERE region = ? AND key_id = ? AND alias_name > ? ORDER BY alias_name LIMIT ?';

/** Aliases. */
export interface AliasStore {
  /** `most`: how many aliases the region may then have. @throws DuplicateRecordError, TooManyRecordsError */
  insertAlias(alias: AliasRecord, most?: number): Promise<void>;
  findAlias(region: string, aliasName: string): Promise<AliasRecord | undefined>;
  /** Points an alias elsewhere; false when there is no such alias. */
  replaceAlias(alias: AliasRecord): Promise<boolean>;
  /** False when there was no such alias. */
  deleteAlias(region: string, aliasName: string): Promise<boolean>;
  /** In order of alias name; `after` is an alias name. */
  listAliases(
    region: string,
    filter: { readonly keyId?: string | undefined },
    page: Page,
  ): Promise<AliasRecord[]>;
}

export function aliasMethods(database: Database): AliasStore {
  const records = async (sql: string, ...values: Statement['values']) =>
    (await database.query<AliasRow>({ sql, values })).map(aliasRecord);

  return {
    async insertAlias(alias, most) {
      const { region } = alias;
      const stored = await database.atomically([
        insertInto('aliases', aliasRow(alias)),
        ...(most === undefined ? [] : [{ sql: AT_MOST, values: [region, most], required: true as const }]),
      ]);
      if (!stored) throw new TooManyRecordsError(`${region} has ${most} aliases`);
    },
    async findAlias(region, aliasName) {
      return (await records(FIND, region, aliasName))[0];
    },
    replaceAlias({ region, aliasName, keyId = null }) {
      return database.atomically([{ sql: REPLACE, values: [keyId, region, aliasName], required: true }]);
    },
    deleteAlias(region, aliasName) {
      return database.atomically([{ sql: DELETE, values: [region, aliasName], required: true }]);
    },
    listAliases(region, { keyId }, { after = '', limit }) {
      return keyId === undefined
        ? records(LIST, region, after, limit)
        : records(LIST_OF_KEY, region, keyId, after, limit);
    },
  };
}
