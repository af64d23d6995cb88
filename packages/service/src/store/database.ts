/** What a column holds: text, a whole number, bytes, or nothing. Truth is 1 or 0; JSON is text. */
export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

/**
 * One statement in the SQL that SQLite, PostgreSQL and CockroachDB share. Each `?` stands for the next of the values;
 * a database that numbers its parameters numbers them in this order.
 */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
  /** A row must come back, or nothing of the whole transaction is kept. */
  readonly required?: true;
}

/** A relational database: all that a kind of database has to be able to do to become a `Store` (sql-store.ts). */
export interface Database {
  /** The same object as long as nobody has changed anything that is stored. */
  state(): unknown;
  /** The rows that one statement gives; alone, it is a transaction of its own. `R` is what its columns are. */
  query<R extends Row>(statement: Statement): Promise<R[]>;
  /**
   * Runs statements in one serializable transaction and waits until it would survive a crash.
   * False, and nothing stored, when a required statement gave no row.
   *
   * @throws DuplicateRecordError when a primary key is there already
   */
  atomically(statements: readonly Statement[]): Promise<boolean>;
  /** Looks at every row, whether it is the one that was written, and whether any is gone; slowly, so that it is in nobody's way. */
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Stores a row, its properties being the table's columns. */
export function insertInto(table: string, row: Row): Statement {
  const columns = Object.keys(row);
  const places = columns.map(() => '?');
  return {
    sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    values: Object.values(row),
  };
}

/** The condition that a row's key comes after another's, of which the values are. */
export function isAfter(key: readonly string[]): string {
  return `(${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
}
