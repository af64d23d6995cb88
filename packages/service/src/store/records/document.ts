/**
 * A record whose every field is authentic: `sealed` binds them under the main key, together with a secret where there is one.
 * People, sessions, access keys and requests are such records.
 */
export interface DocumentRecord {
  readonly kind: string;
  /** Unlike every other of its kind. */
  readonly id: string;
  /** What several documents of a kind are found by: whose they are. */
  readonly group: string;
  /** JSON. */
  readonly body: string;
  readonly sealed: Uint8Array;
  /** From when on it may be deleted. */
  readonly expiresAt?: number | undefined;
  readonly revision: number;
}

export interface DocumentChange {
  readonly change: 'insert' | 'replace' | 'remove';
  readonly record: DocumentRecord;
}
