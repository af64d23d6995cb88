import type {
  DeriveKeyUsage,
  KeyAlgorithm,
  KeyAttributes,
  KeyCheckValueAlgorithm,
  KeyExportability,
  KeyMaterialType,
  KeyOrigin,
  KeyState,
  MultiRegionKeyType,
  ReplicationStatus,
  SessionStatus,
  Tag,
} from '../api/control-plane.generated.ts';

/** Everything that is known of a key. Times are milliseconds since 1970. */
export interface KeyRecord {
  readonly region: string;
  /** The last part of the key's ARN: 16 characters of a to z and 2 to 7. */
  readonly keyId: string;
  readonly attributes: KeyAttributes;
  readonly deriveKeyUsage?: DeriveKeyUsage | undefined;
  readonly checkValue: string;
  readonly checkValueAlgorithm: KeyCheckValueAlgorithm;
  readonly origin: KeyOrigin;
  readonly exportable: boolean;
  /** Exportability of the key block the key came in, or would go out with (X9.143, 6.3.5). */
  readonly exportability: KeyExportability;
  readonly enabled: boolean;
  readonly state: KeyState;
  readonly createdAt: number;
  readonly usageStartedAt?: number | undefined;
  readonly usageStoppedAt?: number | undefined;
  /** When a key in DELETE_PENDING is to be destroyed. */
  readonly deletePendingAt?: number | undefined;
  readonly deletedAt?: number | undefined;
  /** X.509 certificate (PEM) that an imported public key came in. */
  readonly certificate?: string | undefined;
  /** The key in other regions; none for a key of one region. */
  readonly replication?: Replication | undefined;
  /** The approval that an import waits for, or had. */
  readonly approval?: Approval | undefined;
  /** The key material, sealed under the main key and bound to this record; none once the key is deleted. */
  readonly sealed?: Uint8Array | undefined;
  /** Counts the changes of the record; `replaceKey` refuses a change that is based on an older one. */
  readonly revision: number;
}

/** A key of several regions has a record in each of them, with the same key id. */
export interface Replication {
  readonly type: MultiRegionKeyType;
  readonly primaryRegion: string;
  /** Of the primary: how far each replica is. */
  readonly regions: ReplicationStatus;
  /** Whether the regions are the account's default ones. */
  readonly usingDefaults: boolean;
}

/** The session in which a team decides on a request. */
export interface Approval {
  readonly teamArn: string;
  readonly sessionArn: string;
  readonly status: SessionStatus;
  readonly statusMessage?: string | undefined;
  /** When the request was made. */
  readonly requestedAt: number;
}

export interface AliasRecord {
  readonly region: string;
  /** With its `alias/`. */
  readonly aliasName: string;
  /** Absent for an alias that points to no key. */
  readonly keyId?: string | undefined;
}

/** A key pair made for one import, its private half sealed. */
export interface ImportTokenRecord {
  readonly region: string;
  /** With its `import-token-`. */
  readonly tokenId: string;
  readonly materialType: KeyMaterialType;
  readonly wrappingKeyAlgorithm: KeyAlgorithm;
  /** PEM. */
  readonly certificate: string;
  readonly certificateChain: string;
  readonly validUntil: number;
  readonly createdAt: number;
  readonly sealed: Uint8Array;
}

/** A page of a list: at most `limit` rows that come after the row named by `after`. */
export interface Page {
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Another request changed the record first. */
export class StaleRecordError extends Error {
  override readonly name = 'StaleRecordError';
}

/** A record of that name is there already. */
export class DuplicateRecordError extends Error {
  override readonly name = 'DuplicateRecordError';
}

/** Where records are kept. Every method is atomic, and what a resolved promise stored survives a crash. */
export interface Store {
  /** Stores a new key with its tags. @throws DuplicateRecordError */
  insertKey(record: KeyRecord, tags: readonly Tag[]): Promise<void>;
  findKey(region: string, keyId: string): Promise<KeyRecord | undefined>;
  /** Stores a changed record, if its revision is still the stored one, and counts the revision up. @throws StaleRecordError */
  replaceKey(record: KeyRecord): Promise<void>;
  /** As `replaceKey`; aliases that point to the key then point to none. For a record whose material is gone. */
  retireKey(record: KeyRecord): Promise<void>;
  /** In order of key id; `after` is a key id. */
  listKeys(
    region: string,
    filter: { readonly state?: KeyState | undefined },
    page: Page,
  ): Promise<KeyRecord[]>;
  /** Keys in DELETE_PENDING, of every region, whose day has come by `now`. */
  keysToDestroy(now: number): Promise<KeyRecord[]>;

  /** @throws DuplicateRecordError */
  insertAlias(alias: AliasRecord): Promise<void>;
  findAlias(region: string, aliasName: string): Promise<AliasRecord | undefined>;
  /** Points an alias elsewhere; false when there is no such alias. */
  replaceAlias(alias: AliasRecord): Promise<boolean>;
  /** False when there was no such alias. */
  deleteAlias(region: string, aliasName: string): Promise<boolean>;
  /** In order of alias name; `after` is an alias name. */
  listAliases(
    region: string,
    filter: { readonly keyId?: string | undefined },
    page: Page,
  ): Promise<AliasRecord[]>;

  /** In order of tag key; `after` is a tag key. */
  listTags(region: string, keyId: string, page: Page): Promise<Tag[]>;
  /** Adds and overwrites tags; stores nothing and answers false when the key would then have more than `most`. */
  putTags(region: string, keyId: string, tags: readonly Tag[], most: number): Promise<boolean>;
  removeTags(region: string, keyId: string, tagKeys: readonly string[]): Promise<void>;

  insertImportToken(token: ImportTokenRecord): Promise<void>;
  findImportToken(region: string, tokenId: string): Promise<ImportTokenRecord | undefined>;
  /** The newest token of that kind, if any. */
  latestImportToken(
    region: string,
    materialType: KeyMaterialType,
    wrappingKeyAlgorithm: KeyAlgorithm,
  ): Promise<ImportTokenRecord | undefined>;

  /** Resolves when the store can answer; for the readiness check. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
