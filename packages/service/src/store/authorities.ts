import { type Database, insertInto } from './database.ts';
import type { AuthorityRecord, Store } from './store.ts';

const LATEST = 'SELECT * FROM authorities WHERE region = ? ORDER BY generation DESC LIMIT 1';

export type AuthorityRow = ReturnType<typeof authorityRow>;

function authorityRow({ region, generation, certificate, createdAt, sealed }: AuthorityRecord) {
  return { region, generation, certificate, created_at: createdAt, sealed };
}

export function authorityRecord(row: AuthorityRow): AuthorityRecord {
  return {
    region: row.region,
    generation: row.generation,
    certificate: row.certificate,
    createdAt: row.created_at,
    sealed: row.sealed,
  };
}

export function authorityMethods(database: Database): Pick<Store, 'insertAuthority' | 'latestAuthority'> {
  return {
    async insertAuthority(authority) {
      await database.atomically([insertInto('authorities', authorityRow(authority))]);
    },
    async latestAuthority(region) {
      const rows = await database.query<AuthorityRow>({ sql: LATEST, values: [region] });
      return rows.map(authorityRecord)[0];
    },
  };
}
