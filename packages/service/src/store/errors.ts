/** Another request changed the record first. */
export class StaleRecordError extends Error {
  override readonly name = 'StaleRecordError';
}

/** A record of that name is there already. */
export class DuplicateRecordError extends Error {
  override readonly name = 'DuplicateRecordError';
}

/** There are as many records of that kind as there may be. */
export class TooManyRecordsError extends Error {
  override readonly name = 'TooManyRecordsError';
}

/** The store can't answer now, for want of disk or because another process holds it; nothing was changed. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** Is told that somebody changed the database behind the service. */
export type OnTampered = (error: TamperedDatabaseError) => void;

/** Somebody changed the database behind the service: a record is gone, or not the one that this service wrote. */
export class TamperedDatabaseError extends Error {
  override readonly name = 'TamperedDatabaseError';
  /** The table, and the primary key by its columns, where it is one record that is known. */
  readonly record: { readonly table: string; readonly key: Readonly<Record<string, unknown>> } | undefined;

  constructor(
    message: string,
    found?: {
      readonly table: { readonly name: string; readonly key: readonly string[] };
      readonly row: Readonly<Record<string, unknown>>;
    },
  ) {
    super(message);
    this.record = found && {
      table: found.table.name,
      key: Object.fromEntries(found.table.key.map((column) => [column, found.row[column]])),
    };
  }
}
