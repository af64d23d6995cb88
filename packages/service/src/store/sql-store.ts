import { aliasMethods } from './aliases.ts';
import type { Database } from './database.ts';
import { importTokenMethods } from './import-tokens.ts';
import { keyMethods } from './keys.ts';
import type { Store } from './store.ts';
import { tagMethods } from './tags.ts';

// Reads a table, so that it tells of a database that is there but cannot be read.
const PING = 'SELECT revision FROM keys LIMIT 1';

/** The store of records in a relational database; its statements are the same for every kind. */
export function sqlStore(database: Database): Store {
  return {
    ...keyMethods(database),
    ...aliasMethods(database),
    ...tagMethods(database),
    ...importTokenMethods(database),
    async ping() {
      await database.query({ sql: PING, values: [] });
    },
    close: () => database.close(),
  };
}
