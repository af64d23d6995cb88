import { type Database, insertInto } from './database.ts';
import type { AuthorityRecord } from './records/authority.ts';

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

/** Authorities that issue certificates. */
export interface AuthorityStore {
  /** @throws DuplicateRecordError when the region has an authority of that generation */
  insertAuthority(authority: AuthorityRecord): Promise<void>;
  /** The authority of the highest generation, if any. */
  latestAuthority(region: string): Promise<AuthorityRecord | undefined>;
}

export function authorityMethods(database: Database): AuthorityStore {
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
