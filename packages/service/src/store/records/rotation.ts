import type { TransferWay } from './transfer.ts';

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
