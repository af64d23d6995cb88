import { type Database, insertInto, type Statement } from './database.ts';
import { type TokenRow, tokenRecord, tokenRow } from './rows.ts';
import type { Store } from './store.ts';

const FIND = 'SELECT * FROM tokens WHERE region = ? AND token_id = ?';
const LATEST =
  'SELECT * FROM tokens WHERE region = ? AND purpose = ? AND material_type = ? AND key_algorithm = ? ORDER BY created_at DESC, token_id DESC LIMIT 1';
const DELETE_EXPIRED = 'DELETE FROM tokens WHERE valid_until <= ?';

export function tokenMethods(
  database: Database,
): Pick<Store, 'insertToken' | 'findToken' | 'latestToken' | 'deleteExpiredTokens'> {
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
