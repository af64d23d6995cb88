import { type Database, insertInto, type Statement } from './database.ts';
import { type DefaultRegionRow, defaultRegionRow } from './rows.ts';

const LIST = 'SELECT * FROM default_regions WHERE region = ? ORDER BY replication_region';
const REMOVE = 'DELETE FROM default_regions WHERE region = ? AND replication_region = ?';
/** Gives a row if the region has no more default regions than allowed. */
const AT_MOST = 'SELECT count(*) AS regions FROM default_regions WHERE region = ? HAVING count(*) <= ?';

function add(region: string, replicationRegion: string): Statement {
  const { sql, values } = insertInto('default_regions', defaultRegionRow(region, replicationRegion));
  return { sql: `${sql} ON CONFLICT (region, replication_region) DO NOTHING`, values };
}

/** Where new keys are replicated to. */
export interface DefaultRegionStore {
  /** Where new keys of a region are replicated to, in order. */
  listDefaultRegions(region: string): Promise<string[]>;
  /** Adds those that are not there yet; stores nothing and answers false when there would then be more than `most`. */
  addDefaultRegions(region: string, added: readonly string[], most: number): Promise<boolean>;
  removeDefaultRegions(region: string, removed: readonly string[]): Promise<void>;
}

export function defaultRegionMethods(database: Database): DefaultRegionStore {
  return {
    async listDefaultRegions(region) {
      const rows = await database.query<DefaultRegionRow>({ sql: LIST, values: [region] });
      return rows.map((row) => row.replication_region);
    },
    addDefaultRegions(region, added, most) {
      return database.atomically([
        ...added.map((replicationRegion) => add(region, replicationRegion)),
        { sql: AT_MOST, values: [region, most], required: true },
      ]);
    },
    async removeDefaultRegions(region, removed) {
      await database.atomically(removed.map((each) => ({ sql: REMOVE, values: [region, each] })));
    },
  };
}
