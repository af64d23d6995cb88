import type { KeyAlgorithm, KeyMaterialType } from '../api/control-plane.generated.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import type { TokenPurpose, TokenRecord } from './records/token.ts';
import { type TokenRow, tokenRecord, tokenRow } from './rows.ts';

const FIND = 'SELECT * FROM tokens WHERE region = ? AND token_id = ?';
const LATEST =
  'SELECT * FROM tokens WHERE region = ? AND purpose = ? AND material_type = ? AND key_algorithm = ? ORDER BY created_at DESC, token_id DESC LIMIT 1';
const DELETE_EXPIRED = 'DELETE FROM tokens WHERE valid_until <= ?';

/** Tokens for imports and exports. */
export interface TokenStore {
  insertToken(token: TokenRecord): Promise<void>;
  findToken(region: string, tokenId: string): Promise<TokenRecord | undefined>;
  /** The newest token of that kind, if any. */
  latestToken(
    region: string,
    purpose: TokenPurpose,
    materialType: KeyMaterialType,
    keyAlgorithm: KeyAlgorithm,
  ): Promise<TokenRecord | undefined>;
  /** Deletes tokens, of every region, that have expired by `now`. */
  deleteExpiredTokens(now: number): Promise<void>;
}

export function tokenMethods(database: Database): TokenStore {
  const record = async (sql: string, ...values: Statement['values']) =>
    (await database.query<TokenRow>({ sql, values })).map(tokenRecord)[0];

  return {
    async insertToken(token) {
      await database.atomically([insertInto('tokens', tokenRow(token))]);
    },
    findToken(region, tokenId) {
      return record(FIND, region, tokenId);
    },
    latestToken(region, purpose, materialType, keyAlgorithm) {
      return record(LATEST, region, purpose, materialType, keyAlgorithm);
    },
    async deleteExpiredTokens(now) {
      await database.atomically([{ sql: DELETE_EXPIRED, values: [now] }]);
    },
  };
}
