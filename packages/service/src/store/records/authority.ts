/** The authority that issues certificates in the account's name in a region. One that is near its end has a successor. */
export interface AuthorityRecord {
  readonly region: string;
  /** Counts a region's authorities from 1. */
  readonly generation: number;
  /** PEM. */
  readonly certificate: string;
  readonly createdAt: number;
  /** The private key. */
  readonly sealed: Uint8Array;
}
