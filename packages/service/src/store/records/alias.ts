export interface AliasRecord {
  readonly region: string;
  /** With its `alias/`. */
  readonly aliasName: string;
  /** Absent for an alias that points to no key. */
  readonly keyId?: string | undefined;
}
