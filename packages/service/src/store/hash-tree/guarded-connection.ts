import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Transactions } from '../commit-group.ts';
import { isAfter, type Row, type Statement, type Value } from '../database.ts';
import { TamperedDatabaseError } from '../errors.ts';
import { assertSchema, schemaCookie } from '../sqlite-schema.ts';
import { readCount } from './digest.ts';
import { HashTree } from './hash-tree.ts';
import { nodesIn } from './nodes-in.ts';
import type { Pin, PinnedRoot } from './pinned-root.ts';
import { followChanges, RowChanges } from './row-changes.ts';
import { readSelect, type Select } from './select.ts';
import { type Table, tablesOf } from './tables.ts';
import { type Known, verifyCount, verifyRows } from './verify-rows.ts';

interface Prepared {
  readonly statement: StatementSync;
  readonly select: Select | undefined;
}

/**
 * A connection that believes nothing of what it reads: every row that a query gives is in a hash tree whose root is kept outside of the
 * database, and so is how many rows there are, where that matters. What it writes goes into the tree in the same transaction.
 */
export class GuardedConnection implements Transactions, Known {
  readonly #connection: DatabaseSync;
  readonly #pinned: PinnedRoot;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #prepared = new Map<string, Prepared>();
  readonly #tree: HashTree;
  /** What the root was taken from that is trusted now. */
  #pin: Pin | undefined;
  #rootBefore: Buffer;
  /** What the transaction has changed, and what the statements that run in it now have, which may not be kept. */
  #kept = new RowChanges();
  #running = new RowChanges();
  #schema: number;

  constructor(connection: DatabaseSync, pinned: PinnedRoot) {
    this.#connection = connection;
    this.#pinned = pinned;
    this.#tables = new Map(tablesOf(connection).map((table) => [table.name, table]));
    followChanges(connection, this.#tables, () => this.#running);
    this.#tree = new HashTree(nodesIn(connection));
    this.#rootBefore = this.#tree.root;
    this.#schema = schemaCookie(connection);
  }

  get tables(): Iterable<Table> {
    return this.#tables.values();
  }

  /** The same as long as nobody has changed anything; another each time while somebody may be about to. */
  state(): unknown {
    const pin = this.#pinned.read();
    return pin.roots.length === 1 ? pin : {};
  }

  /** Commits the transaction in which the database was opened. @throws TamperedDatabaseError */
  settle(): void {
    this.#follow();
    this.exec('COMMIT');
    if (this.#pin!.roots.length > 1) this.#pinned.settle(this.#pin!.sequence, this.#tree.root);
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  begin(): void {
    this.exec('BEGIN IMMEDIATE');
    const schema = schemaCookie(this.#connection);
    if (schema !== this.#schema) assertSchema(this.#connection);
    this.#schema = schema;
    this.#follow();
    this.#rootBefore = this.#tree.root;
  }

  commit(): void {
    this.#tree.update(this.#kept.updates);
    this.#kept = new RowChanges();
    const { root } = this.#tree;
    const isChanged = !root.equals(this.#rootBefore);
    const intent = isChanged ? this.#pinned.intend(this.#rootBefore, root) : undefined;
    this.exec('COMMIT');
    if (intent !== undefined) this.#pinned.settle(intent, root);
  }

  rollback(): void {
    if (this.#connection.isTransaction) this.exec('ROLLBACK');
    this.#kept = new RowChanges();
    this.#running = new RowChanges();
    this.#tree.forget();
    this.#pin = undefined;
  }

  /** Runs statements within a transaction. False when a required one gives no row: what they changed is then to be rolled back. */
  keep(statements: readonly Statement[]): boolean {
    return this.#noting(() =>
      statements.every((statement) => this.#run(statement).length > 0 || !statement.required),
    );
  }

  /** Runs one statement that changes something, within a transaction. */
  change(statement: Statement): Row[] {
    let rows: Row[] = [];
    this.#noting(() => {
      rows = this.#run(statement);
      return true;
    });
    return rows;
  }

  /** @param act tells whether what it changes is to be kept */
  #noting(act: () => boolean): boolean {
    this.#running = new RowChanges();
    const kept = act();
    if (kept) this.#kept.take(this.#running);
    this.#running = new RowChanges();
    return kept;
  }

  /** The rows of a query. @throws TamperedDatabaseError */
  read(statement: Statement): Row[] {
    return this.#atOneMoment(() => this.#run(statement));
  }

  /** Primary keys of a table, in order, after one of them; whether its rows are as they were is for `read` to say. */
  keysOf({ name, key }: Table, after: readonly Value[] | undefined, limit: number): Value[][] {
    const columns = key.join(', ');
    const beyond = after === undefined ? '' : ` WHERE ${isAfter(key)}`;
    const sql = `SELECT ${columns} FROM ${name}${beyond} ORDER BY ${columns} LIMIT ?`;
    const rows = this.#run({ sql, values: [...(after ?? []), limit] });
    return rows.map((row) => key.map((column) => row[column]!));
  }

  /** @throws TamperedDatabaseError when the table has more rows than were written, or fewer */
  checkCount(table: Table): void {
    const sql = `SELECT count(*) AS rows FROM ${table.name}`;
    this.#atOneMoment(() => {
      const [row] = this.#run({ sql, values: [] });
      verifyCount(table, [], [], Number(row!.rows), this);
    });
  }

  #atOneMoment<Result>(act: () => Result): Result {
    let suspect: Pin | undefined;
    for (;;) {
      try {
        return this.#once(act);
      } catch (error) {
        if (!(error instanceof TamperedDatabaseError)) throw error;
        // Another process may have changed the root on the way. If it has not, and nothing was remembered from before, it is so.
        const pin = this.#pinned.read();
        if (pin === suspect) throw error;
        suspect = pin;
      }
    }
  }

  #once<Result>(act: () => Result): Result {
    this.exec('BEGIN');
    try {
      this.#follow();
      const result = act();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Trusts the root that is pinned now. */
  #follow(): void {
    const pin = this.#pinned.read();
    if (pin === this.#pin && pin.roots.length === 1) return;
    const root = this.#tree.storedRoot;
    if (!pin.roots.some((each) => each.equals(root)))
      throw new TamperedDatabaseError(
        'the database is not the one that this service left: somebody put it back, or changed it',
      );
    this.#tree.trust(root);
    this.#pin = pin;
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared === undefined) {
      prepared = { statement: this.#connection.prepare(sql), select: readSelect(sql) };
      this.#prepared.set(sql, prepared);
    }
    return prepared;
  }

  #run({ sql, values }: Statement): Row[] {
    const { statement, select } = this.#prepare(sql);
    const rows = statement.all(...values) as Row[];
    if (select) verifyRows(this.#tables.get(select.table)!, select, values, rows, this);
    return rows;
  }

  /** As the tree has it, or as the transaction has changed it. */
  digestOf(name: Buffer): Buffer | undefined {
    const change = this.#running.changeOf(name) ?? this.#kept.changeOf(name);
    return change === undefined ? this.#tree.find(name) : change.after;
  }

  countOf(name: Buffer): number {
    const changed = this.#kept.differenceOf(name) + this.#running.differenceOf(name);
    return readCount(this.#tree.find(name)) + changed;
  }

  close(): void {
    this.#connection.close();
    this.#pinned[Symbol.dispose]();
  }
}
