import type { CustodyStore } from './custody-store.ts';
import { type Database, insertInto } from './database.ts';

const FIND = 'SELECT * FROM settings WHERE setting_name = ?';

export function settingMethods(database: Database): Pick<CustodyStore, 'settleSetting'> {
  return {
    async settleSetting(name, value) {
      const { sql, values } = insertInto('settings', { setting_name: name, setting_value: value });
      await database.atomically([{ sql: `${sql} ON CONFLICT (setting_name) DO NOTHING`, values }]);
      const [row] = await database.query<{ setting_value: string }>({ sql: FIND, values: [name] });
      return row!.setting_value;
    },
  };
}
