import type { AccessKeyRecord } from './records/access-key.ts';
import type { AuthorityRecord } from './records/authority.ts';
import type { ComponentRecord } from './records/ceremony.ts';
import type { DocumentRecord } from './records/document.ts';
import type { KeyRecord } from './records/key.ts';
import type { TokenRecord } from './records/token.ts';

/** The records that have bytes sealed under the main key, by the tables that they are in. */
export interface SealedRecords {
  readonly keys: KeyRecord;
  readonly tokens: TokenRecord;
  readonly authorities: AuthorityRecord;
  readonly access_keys: AccessKeyRecord;
  readonly documents: DocumentRecord;
  readonly ceremony_components: ComponentRecord;
}

export type SealedTable = keyof SealedRecords;

/** A row with sealed bytes, and where it stands in its table. */
export interface SealedRow<Table extends SealedTable> {
  readonly table: Table;
  /** The values of its primary key. */
  readonly position: readonly (string | number)[];
  readonly record: SealedRecords[Table];
  readonly sealed: Uint8Array;
}

/** Sealed bytes that are to stand in the place of others. */
export interface Reseal {
  readonly table: SealedTable;
  readonly position: readonly (string | number)[];
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A main key that another has replaced, until no record is under it. */
export interface RetiringMainKeyRecord {
  readonly mainKeyId: string;
  /** What kind of provider had it. */
  readonly kind: string;
  /** The main key itself, sealed under the one that replaced it; none where it is in a token. */
  readonly wrapped?: Uint8Array | undefined;
  /** Where it is, when it is in a token. */
  readonly parameters?: string | undefined;
}

/** What the main key's custody asks of the store. */
export interface CustodyStore {
  /** Stores a setting unless it is there; answers what is then stored. */
  settleSetting(name: string, value: string): Promise<string>;
  /** Rows with sealed bytes, in order of their primary key; `after` is the position of the row before. */
  listSealed<Table extends SealedTable>(
    table: Table,
    page: { readonly after?: SealedRow<Table>['position'] | undefined; readonly limit: number },
  ): Promise<SealedRow<Table>[]>;
  /** Puts other sealed bytes into the rows that still have the ones before; rows changed or gone since stay as they are. */
  reseal(reseals: readonly Reseal[]): Promise<void>;

  /** Takes the place of the one that is there. */
  putRetiringMainKey(record: RetiringMainKeyRecord): Promise<void>;
  findRetiringMainKey(): Promise<RetiringMainKeyRecord | undefined>;
  removeRetiringMainKey(): Promise<void>;
}
