import { type Database, insertInto, type Statement } from './database.ts';
import { type ImportTokenRow, importTokenRecord, importTokenRow } from './rows.ts';
import type { Store } from './store.ts';

const FIND = 'SELECT * FROM import_tokens WHERE region = ? AND token_id = ?';
const LATEST =
  'SELECT * FROM import_tokens WHERE region = ? AND material_type = ? AND wrapping_key_algorithm = ? ORDER BY created_at DESC, token_id DESC LIMIT 1';

export function importTokenMethods(
  database: Database,
): Pick<Store, 'insertImportToken' | 'findImportToken' | 'latestImportToken'> {
  const record = async (sql: string, ...values: Statement['values']) =>
    (await database.query<ImportTokenRow>({ sql, values })).map(importTokenRecord)[0];

  return {
    async insertImportToken(token) {
      await database.atomically([insertInto('import_tokens', importTokenRow(token))]);
    },
    findImportToken(region, tokenId) {
      return record(FIND, region, tokenId);
    },
    latestImportToken(region, materialType, wrappingKeyAlgorithm) {
      return record(LATEST, region, materialType, wrappingKeyAlgorithm);
    },
  };
}
