import type { CustodyStore, RetiringMainKeyRecord } from './custody-store.ts';
import { type Database, insertInto, type Statement } from './database.ts';

const FIND: Statement = { sql: 'SELECT * FROM retiring_main_keys', values: [] };
const REMOVE: Statement = { sql: 'DELETE FROM retiring_main_keys', values: [] };

type RetiringRow = ReturnType<typeof retiringRow>;

function retiringRow({ mainKeyId, kind, wrapped, parameters }: RetiringMainKeyRecord) {
  return { main_key_id: mainKeyId, kind, wrapped: wrapped ?? null, parameters: parameters ?? null };
}

function retiringRecord(row: RetiringRow): RetiringMainKeyRecord {
  return {
    mainKeyId: row.main_key_id,
    kind: row.kind,
    wrapped: row.wrapped ?? undefined,
    parameters: row.parameters ?? undefined,
  };
}

type Methods = 'putRetiringMainKey' | 'findRetiringMainKey' | 'removeRetiringMainKey';

export function mainKeyMethods(database: Database): Pick<CustodyStore, Methods> {
  return {
    async putRetiringMainKey(record) {
      await database.atomically([REMOVE, insertInto('retiring_main_keys', retiringRow(record))]);
    },
    async findRetiringMainKey() {
      return (await database.query<RetiringRow>(FIND)).map(retiringRecord)[0];
    },
    async removeRetiringMainKey() {
      await database.atomically([REMOVE]);
    },
  };
}
