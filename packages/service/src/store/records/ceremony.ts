import type { KeyAttributes, Tag } from '../../api/control-plane.generated.ts';
import type { KeyRecord } from './key.ts';
import type { TransferRecord } from './transfer.ts';

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

/** What a completed ceremony leaves. */
export interface CeremonyOutcome {
  readonly key?: KeyRecord | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly transfer: TransferRecord;
  readonly exposures: readonly ExposureRecord[];
}
