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
