import type {
  DeriveKeyUsage,
  KeyAttributes,
  KeyCheckValueAlgorithm,
  KeyExportability,
  KeyOrigin,
  KeyState,
  MultiRegionKeyType,
  ReplicationStatus,
} from '../../api/control-plane.generated.ts';
import type { Approval, ApprovalSessionRecord } from './approval.ts';
import type { TransferRecord } from './transfer.ts';

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

/** What a new key is stored with. */
export interface NewKeyOptions {
  /** The session whose approval the key waits for, stored with it. */
  readonly session?: ApprovalSessionRecord | undefined;
  /** How many keys, deleted ones aside, the region may then have. */
  readonly most?: number | undefined;
  /** How the key came in, stored with it. */
  readonly transfer?: TransferRecord | undefined;
}
