import { keepLast } from '../memo.ts';
import type { Database, Row, Statement } from './database.ts';
import type { Store } from './store.ts';

// Caches rest on this: whoever changes a record that is cached somewhere, in this process or another, counts the change in the
// same transaction. A cache that finds the count as it was knows that nothing was changed.

/** Writes to the tables whose records are kept in memory (cached-store.ts). */
const CACHED = /^(?:INSERT INTO|UPDATE|DELETE FROM) (?:keys|aliases|tags|resource_policies|access_keys)\b/;
const COUNT: Statement = { sql: 'UPDATE changes SET revision = revision + 1 WHERE id = 1', values: [] };
const REVISION: Statement = { sql: 'SELECT * FROM changes WHERE id = 1', values: [] };

/** Does a statement change records that are kept in memory? */
export function changesCached({ sql }: Statement): boolean {
  return CACHED.test(sql);
}

/** The same database, which counts changes, and the methods of a store that tell of them. */
export function countChanges(database: Database): [Database, Pick<Store, 'changeCount' | 'onChange'>] {
  const listeners: (() => void)[] = [];
  const known = keepLast((_state: unknown) => ({ revision: undefined as number | undefined }));
  const counting: Database = {
    ...database,
    async atomically(statements) {
      if (!statements.some(changesCached)) return database.atomically(statements);
      const stored = await database.atomically([...statements, COUNT]);
      for (const tell of listeners) tell();
      return stored;
    },
  };
  return [
    counting,
    {
      async changeCount() {
        const at = known(database.state());
        at.revision ??= (await database.query<Row & { revision: number }>(REVISION))[0]!.revision;
        return at.revision;
      },
      onChange(listener) {
        listeners.push(listener);
      },
    },
  ];
}
