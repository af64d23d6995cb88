import type {
  DeriveKeyUsage,
  KeyAlgorithm,
  KeyAttributes,
  KeyCheckValueAlgorithm,
  KeyExportability,
  KeyMaterialType,
  KeyOrigin,
  KeyState,
  MpaOperation,
  MultiRegionKeyType,
  ReplicationStatus,
  SessionStatus,
  Tag,
} from '../api/control-plane.generated.ts';
import type { CustodyStore } from './custody-store.ts';
import type { FleetStore } from './fleet/fleet-store.ts';

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
  /** The key, of the same region, whose certificate is the authority of that one; none for a root. */
  readonly authorityKeyId?: string | undefined;
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

export type TokenPurpose = 'IMPORT' | 'EXPORT';

/** A key pair made for imports or exports within some weeks, its private half sealed. */
export interface TokenRecord {
  readonly region: string;
  /** With its `import-token-` or `export-token-`. */
  readonly tokenId: string;
  /** Whether keys come in under its key, or go out signed by it. */
  readonly purpose: TokenPurpose;
  readonly materialType: KeyMaterialType;
  readonly keyAlgorithm: KeyAlgorithm;
  /** PEM. */
  readonly certificate: string;
  readonly certificateChain: string;
  readonly validUntil: number;
  readonly createdAt: number;
  readonly sealed: Uint8Array;
}

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

/** The access key of somebody who is not the administrator; its secret sealed. */
export interface AccessKeyRecord {
  readonly user: string;
  readonly accessKeyId: string;
  readonly createdAt: number;
  readonly sealed: Uint8Array;
}

/** People of whom a number must approve. A team is never changed. */
export interface ApprovalTeamRecord {
  readonly region: string;
  readonly teamName: string;
  /** The members' users. */
  readonly members: readonly string[];
  /** How many of them must approve. */
  readonly threshold: number;
  readonly createdAt: number;
}

/** A request that a team is to decide on. */
export interface ApprovalSessionRecord {
  readonly region: string;
  readonly sessionId: string;
  readonly teamName: string;
  readonly operation: 'ImportKey' | 'DisassociateMpaTeam';
  /** The key that waits; none where the team itself is to go. */
  readonly keyId?: string | undefined;
  /** The ARN of who asked. */
  readonly requester: string;
  readonly comment?: string | undefined;
  readonly status: SessionStatus;
  readonly requestedAt: number;
  readonly expiresAt: number;
}

export interface ApprovalDecisionRecord {
  readonly region: string;
  readonly sessionId: string;
  readonly member: string;
  readonly approves: boolean;
  readonly decidedAt: number;
}

/** The team that a protected operation needs the approval of. */
export interface TeamAssociationRecord {
  readonly region: string;
  readonly action: MpaOperation;
  readonly teamName: string;
  /** The latest session that decides on its end, if there was one. */
  readonly sessionId?: string | undefined;
}

export type TransferDirection = 'IN' | 'OUT';
/** How keys go in and out: the members of a request's KeyMaterial, and paper. */
export type TransferWay =
  | 'Components'
  | 'Tr31KeyBlock'
  | 'Tr34KeyBlock'
  | 'KeyCryptogram'
  | 'DiffieHellmanTr31KeyBlock'
  | 'As2805KeyCryptogram';

/** That a key went out, or came in, under something. There is one record however often it happens; the audit has each time. */
export interface TransferRecord {
  readonly region: string;
  readonly keyId: string;
  readonly direction: TransferDirection;
  readonly way: TransferWay;
  /**
   * `key/` and a key id; `certificate/` and the SHA-256 of a partner's certificate; `ceremony/` and its id; or the id of an
   * import token.
   */
  readonly counterpart: string;
  /** The subject of a partner's certificate, or the partner of a ceremony. */
  readonly party?: string | undefined;
  /** Of the terminal whose initial key it was (ANSI X9.24); none for the key itself. */
  readonly ksn?: string | undefined;
  /** When it first happened. */
  readonly firstAt: number;
}

export type RotationStatus = 'STARTED' | 'COMPLETED' | 'ROLLED_BACK';

/** A key that is being replaced by a successor, with everything that must go out anew for it. */
export interface RotationRecord {
  readonly region: string;
  readonly rotationId: string;
  readonly keyId: string;
  readonly successorId: string;
  /** Whether the successor was made by the rotation, which then also takes it back. */
  readonly madeHere: boolean;
  /** Key version number of the blocks of the successor (X9.143, 6.3.4): 2 digits. */
  readonly keyVersion: string;
  readonly status: RotationStatus;
  /** The ARN of who asked. */
  readonly requester: string;
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
}

/** DONE has a block; what a rotation can't export by itself is BY_HAND. */
export type RotationItemState = 'WAITING' | 'DONE' | 'FAILED' | 'BY_HAND';

/** One key that goes out anew. */
export interface RotationItemRecord {
  /** From 1 on, in the order in which the blocks are to be loaded. */
  readonly position: number;
  readonly keyId: string;
  readonly way: TransferWay;
  /** As in a transfer. */
  readonly counterpart: string;
  readonly party?: string | undefined;
  readonly ksn?: string | undefined;
  readonly state: RotationItemState;
  /** The key block or cryptogram. */
  readonly block?: string | undefined;
  readonly checkValue?: string | undefined;
  /** Why it failed, or what is to be done by hand. */
  readonly message?: string | undefined;
}

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

export type CeremonyKind = 'RECEIVE' | 'SEND';
export type CeremonyStatus = 'OPEN' | 'COMPLETED' | 'ABORTED' | 'MISMATCH' | 'EXPIRED';

/** A key that comes in or goes out as components, one for each custodian (PCI PIN, requirements 6, 8 and 12). */
export interface CeremonyRecord {
  readonly region: string;
  readonly ceremonyId: string;
  readonly kind: CeremonyKind;
  /** What both parties call the key. */
  readonly keyName: string;
  /** The other party. */
  readonly party: string;
  /** SEND: the key that goes out. RECEIVE: the key that came of it, once it is completed. */
  readonly keyId?: string | undefined;
  /** RECEIVE: what the key will be. */
  readonly attributes: KeyAttributes;
  readonly exportable: boolean;
  /** SEND: of the whole key. RECEIVE: of what the components came to, once that is known. */
  readonly checkValue?: string | undefined;
  readonly status: CeremonyStatus;
  /** The ARN of who opened it. */
  readonly requester: string;
  readonly openedAt: number;
  readonly expiresAt: number;
  readonly endedAt?: number | undefined;
}

export type ComponentState = 'WAITING' | 'ENTERED' | 'PRINTED' | 'DESTROYED';

/** One component of a key in a ceremony; sealed for as long as it is here. */
export interface ComponentRecord {
  readonly region: string;
  readonly ceremonyId: string;
  /** From 1 on. */
  readonly number: number;
  /** The user whose it is. */
  readonly custodian: string;
  readonly state: ComponentState;
  readonly checkValue?: string | undefined;
  /** Serial number of the tamper-evident bag. */
  readonly bagSerial?: string | undefined;
  /** When it was entered or printed. */
  readonly at?: number | undefined;
  readonly sealed?: Uint8Array | undefined;
}

/** That somebody has seen a component of a key: he may never see another of it. */
export interface ExposureRecord {
  /** `key/` with region and id, or `name/` with the name that both parties have for it. */
  readonly identity: string;
  readonly custodian: string;
  readonly ceremonyId: string;
  readonly number: number;
  readonly at: number;
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

/** There are as many records of that kind as there may be. */
export class TooManyRecordsError extends Error {
  override readonly name = 'TooManyRecordsError';
}

/** What a new key is stored with. */
export interface NewKeyOptions {
  /** The session whose approval the key waits for, stored with it. */
  readonly session?: ApprovalSessionRecord | undefined;
  /** How many keys, deleted ones aside, the region may then have. */
  readonly most?: number | undefined;
  /** How the key came in, stored with it. */
  readonly transfer?: TransferRecord | undefined;
}

/** What a completed ceremony leaves. */
export interface CeremonyOutcome {
  readonly key?: KeyRecord | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly transfer: TransferRecord;
  readonly exposures: readonly ExposureRecord[];
}

/** The store can't answer now, for want of disk or because another process holds it; nothing was changed. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** Where records are kept. Every method is atomic, and what a resolved promise stored survives a crash. */
export interface Store {
  /** Stores a new key with its tags. @throws DuplicateRecordError, TooManyRecordsError */
  insertKey(record: KeyRecord, tags: readonly Tag[], options?: NewKeyOptions): Promise<void>;
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

  /** Primaries, of every region, with a replica that is still to be written or destroyed. */
  keysToReplicate(): Promise<KeyRecord[]>;
  /** Stores a new replica and, in the same step, as `replaceKey`, its changed primary. @throws DuplicateRecordError, StaleRecordError */
  insertReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
  /** As `replaceKey`, for a replica and its primary in one step. @throws StaleRecordError */
  replaceReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
  /** As `retireKey`, for a replica; its primary, in the same step, is only changed. @throws StaleRecordError */
  retireReplica(replica: KeyRecord, primary: KeyRecord): Promise<void>;
  /** Where new keys of a region are replicated to, in order. */
  listDefaultRegions(region: string): Promise<string[]>;
  /** Adds those that are not there yet; stores nothing and answers false when there would then be more than `most`. */
  addDefaultRegions(region: string, added: readonly string[], most: number): Promise<boolean>;
  removeDefaultRegions(region: string, removed: readonly string[]): Promise<void>;

  /** `most`: how many aliases the region may then have. @throws DuplicateRecordError, TooManyRecordsError */
  insertAlias(alias: AliasRecord, most?: number): Promise<void>;
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

  /** Stores that a key went out or came in; a transfer that was there already keeps its time. */
  recordTransfer(transfer: TransferRecord): Promise<void>;
  /** What a key went out and came in under. */
  transfersOf(region: string, keyId: string): Promise<TransferRecord[]>;
  /** What went out and came in under a counterpart. */
  transfersUnder(region: string, counterpart: string): Promise<TransferRecord[]>;

  /** Stores a new rotation with its items. @throws DuplicateRecordError when the key has one that goes on */
  insertRotation(rotation: RotationRecord, items: readonly RotationItemRecord[]): Promise<void>;
  findRotation(region: string, rotationId: string): Promise<RotationRecord | undefined>;
  /** The newest first. */
  listRotations(region: string): Promise<RotationRecord[]>;
  /** The completed rotation that a key came out of, if any. */
  rotationOfSuccessor(region: string, successorId: string): Promise<RotationRecord | undefined>;
  /** Ends a rotation; COMPLETED moves every alias of the key to its successor in the same step. False when it has ended. */
  endRotation(rotation: RotationRecord, status: RotationStatus, endedAt: number): Promise<boolean>;
  /** Items that are WAITING or FAILED, in order of position; `after` is a position. */
  waitingItems(rotation: RotationRecord, page: Page): Promise<RotationItemRecord[]>;
  /** In order of position; `after` is a position. */
  listRotationItems(rotation: RotationRecord, page: Page): Promise<RotationItemRecord[]>;
  countRotationItems(rotation: RotationRecord): Promise<Readonly<Record<RotationItemState, number>>>;
  finishRotationItem(rotation: RotationRecord, item: RotationItemRecord): Promise<void>;

  /** Stores a new ceremony with its components. */
  insertCeremony(ceremony: CeremonyRecord, components: readonly ComponentRecord[]): Promise<void>;
  findCeremony(region: string, ceremonyId: string): Promise<CeremonyRecord | undefined>;
  /** The newest first. */
  listCeremonies(region: string): Promise<CeremonyRecord[]>;
  /** Of every region, that are OPEN and whose time is over by `now`. */
  ceremoniesToEnd(now: number): Promise<CeremonyRecord[]>;
  /** In order of number. */
  listComponents(region: string, ceremonyId: string): Promise<ComponentRecord[]>;
  /** Stores a changed component, if it is still in the state given, and the exposures that come with it. False when it is not. */
  replaceComponent(
    component: ComponentRecord,
    was: ComponentState,
    exposures: readonly ExposureRecord[],
  ): Promise<boolean>;
  /** The components that somebody has seen of a key. */
  exposuresOf(identity: string, custodian: string): Promise<ExposureRecord[]>;
  /**
   * Ends a ceremony that is OPEN and destroys what is here of its components; with it, in the same step, the key that came of it,
   * or the transfer of the one that went out. False, and nothing stored, when it has ended.
   */
  endCeremony(ceremony: CeremonyRecord, outcome?: CeremonyOutcome): Promise<boolean>;

  insertToken(token: TokenRecord): Promise<void>;
  findToken(region: string, tokenId: string): Promise<TokenRecord | undefined>;
  /** The newest token of that kind, if any. */
  latestToken(
    region: string,
    purpose: TokenPurpose,
    materialType: KeyMaterialType,
    keyAlgorithm: KeyAlgorithm,
  ): Promise<TokenRecord | undefined>;
  /** Deletes tokens, of every region, that have expired by `now`. */
  deleteExpiredTokens(now: number): Promise<void>;

  /** @throws DuplicateRecordError when the region has an authority of that generation */
  insertAuthority(authority: AuthorityRecord): Promise<void>;
  /** The authority of the highest generation, if any. */
  latestAuthority(region: string): Promise<AuthorityRecord | undefined>;

  /** Attaches a policy to a key, in the place of the one that it had. */
  putResourcePolicy(region: string, keyId: string, policy: string): Promise<void>;
  findResourcePolicy(region: string, keyId: string): Promise<string | undefined>;
  removeResourcePolicy(region: string, keyId: string): Promise<void>;

  /** @throws DuplicateRecordError when the user has an access key */
  insertAccessKey(key: AccessKeyRecord): Promise<void>;
  findAccessKey(accessKeyId: string): Promise<AccessKeyRecord | undefined>;
  findAccessKeyOf(user: string): Promise<AccessKeyRecord | undefined>;

  /** @throws DuplicateRecordError */
  insertApprovalTeam(team: ApprovalTeamRecord): Promise<void>;
  findApprovalTeam(region: string, teamName: string): Promise<ApprovalTeamRecord | undefined>;
  /** In order of their names. */
  listApprovalTeams(region: string): Promise<ApprovalTeamRecord[]>;

  findApprovalSession(region: string, sessionId: string): Promise<ApprovalSessionRecord | undefined>;
  /** Sessions that are PENDING, of one region or of all, the oldest first. */
  pendingSessions(region?: string): Promise<ApprovalSessionRecord[]>;
  /** @throws DuplicateRecordError when the member has decided */
  insertDecision(decision: ApprovalDecisionRecord): Promise<void>;
  listDecisions(region: string, sessionId: string): Promise<ApprovalDecisionRecord[]>;
  /**
   * Ends a session that is PENDING with its new status and, in the same step, stores the key that it decided on, or removes the
   * association. False, and nothing stored, when the session has ended or the key is no longer at its revision.
   */
  endSession(session: ApprovalSessionRecord, key?: KeyRecord): Promise<boolean>;

  /** @throws DuplicateRecordError when the action has a team */
  insertTeamAssociation(association: TeamAssociationRecord): Promise<void>;
  findTeamAssociation(region: string, action: MpaOperation): Promise<TeamAssociationRecord | undefined>;
  /**
   * Stores the session that decides on the end of an association; false, and nothing stored, when the association's latest
   * session is no longer the one that is replaced.
   */
  insertEndingSession(association: TeamAssociationRecord, session: ApprovalSessionRecord): Promise<boolean>;

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

  /** What the main key's custody asks of the store. */
  readonly custody: CustodyStore;
  /** Terminals and what goes into them. */
  readonly fleet: FleetStore;
  /** Counts the changes that anybody has stored of keys, aliases, tags, resource policies and access keys. */
  changeCount(): Promise<number>;
  /** Calls `listener` whenever a method of this object has made such a change. */
  onChange(listener: () => void): void;

  /** Resolves when the store can answer; for the readiness check. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
