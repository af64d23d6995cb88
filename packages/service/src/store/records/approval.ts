import type { MpaOperation, SessionStatus } from '../../api/control-plane.generated.ts';

/** The session in which a team decides on a request. */
export interface Approval {
  readonly teamArn: string;
  readonly sessionArn: string;
  readonly status: SessionStatus;
  readonly statusMessage?: string | undefined;
  /** When the request was made. */
  readonly requestedAt: number;
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
