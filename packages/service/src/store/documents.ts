import { keepLast } from '../memo.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import { StaleRecordError } from './errors.ts';
import type { Page } from './page.ts';
import type { DocumentChange, DocumentRecord } from './records/document.ts';

const FIND = 'SELECT * FROM documents WHERE kind = ? AND id = ?';
const LIST = 'SELECT * FROM documents WHERE kind = ? AND id > ? ORDER BY id LIMIT ?';
const LIST_GROUP = 'SELECT * FROM documents WHERE kind = ? AND group_name = ? AND id > ? ORDER BY id LIMIT ?';
const REPLACE =
  'UPDATE documents SET group_name = ?, body = ?, sealed = ?, expires_at = ?, revision = revision + 1 WHERE kind = ? AND id = ? AND revision = ? RETURNING id';
const REMOVE = 'DELETE FROM documents WHERE kind = ? AND id = ? AND revision = ? RETURNING id';
const EXPIRE = 'DELETE FROM documents WHERE expires_at <= ?';

export type DocumentRow = ReturnType<typeof documentRow>;

function documentRow({ kind, id, group, body, sealed, expiresAt, revision }: DocumentRecord) {
  return { kind, id, group_name: group, body, sealed, expires_at: expiresAt ?? null, revision };
}

export function documentRecord({ group_name, expires_at, ...row }: DocumentRow): DocumentRecord {
  return { ...row, group: group_name, expiresAt: expires_at ?? undefined };
}

function statementOf({ change, record }: DocumentChange): Statement {
  const { kind, id, group, body, sealed, expiresAt = null, revision } = record;
  if (change === 'insert') return insertInto('documents', documentRow(record));
  const place = [kind, id, revision];
  return change === 'remove'
    ? { sql: REMOVE, values: place, required: true }
    : { sql: REPLACE, values: [group, body, sealed, expiresAt, ...place], required: true };
}

/** Sealed documents of every kind. */
export interface DocumentStore {
  /**
   * Makes all of the changes, or none. What is replaced or removed must still be at its revision; replacing counts it up.
   *
   * @throws DuplicateRecordError, StaleRecordError
   */
  writeDocuments(changes: readonly DocumentChange[]): Promise<void>;
  findDocument(kind: string, id: string): Promise<DocumentRecord | undefined>;
  /** Tells whether what was read of a document is still so. */
  revisionOfDocument(kind: string, id: string): Promise<number | undefined>;
  /** In order of id; `after` is an id. */
  listDocuments(
    kind: string,
    filter: { readonly group?: string | undefined },
    page: Page,
  ): Promise<DocumentRecord[]>;
  /** Deletes documents, of every kind, that have expired by `now`. */
  deleteExpiredDocuments(now: number): Promise<void>;
}

export function documentMethods(database: Database): DocumentStore {
  const records = async (sql: string, ...values: Statement['values']) =>
    (await database.query<DocumentRow>({ sql, values })).map(documentRecord);

  /** Revisions that were read since anything was changed: they are asked for with every request. */
  const revisionsAt = keepLast((_state: unknown) => new Map<string, number>());

  return {
    async writeDocuments(changes) {
      if (await database.atomically(changes.map(statementOf))) return;
      const names = changes.map(({ record: { kind, id } }) => `${kind} ${id}`);
      throw new StaleRecordError(`changed by another request: one of ${names.join(', ')}`);
    },
    async findDocument(kind, id) {
      return (await records(FIND, kind, id))[0];
    },
    async revisionOfDocument(kind, id) {
      const revisions = revisionsAt(database.state());
      const name = `${kind} ${id}`;
      const revision = revisions.get(name) ?? (await records(FIND, kind, id))[0]?.revision;
      if (revision !== undefined) revisions.set(name, revision);
      return revision;
    },
    listDocuments(kind, { group }, { after = '', limit }) {
      return group === undefined
        ? records(LIST, kind, after, limit)
        : records(LIST_GROUP, kind, group, after, limit);
    },
    async deleteExpiredDocuments(now) {
      await database.atomically([{ sql: EXPIRE, values: [now] }]);
    },
  };
}
