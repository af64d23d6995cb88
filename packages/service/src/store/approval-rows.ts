import { insertInto, type Statement } from './database.ts';
import type {
  ApprovalDecisionRecord,
  ApprovalSessionRecord,
  ApprovalTeamRecord,
} from './records/approval.ts';

// How the records of approvals are written as rows and read back (rows.ts).

export type TeamRow = ReturnType<typeof teamRow>;
export type SessionRow = ReturnType<typeof sessionRow>;
export type DecisionRow = ReturnType<typeof decisionRow>;

export function teamRow(team: ApprovalTeamRecord) {
  return {
    region: team.region,
    team_name: team.teamName,
    members: JSON.stringify(team.members),
    threshold: team.threshold,
    created_at: team.createdAt,
  };
}

export function teamRecord(row: TeamRow): ApprovalTeamRecord {
  return {
    region: row.region,
    teamName: row.team_name,
    members: JSON.parse(row.members),
    threshold: row.threshold,
    createdAt: row.created_at,
  };
}

export function sessionRow(session: ApprovalSessionRecord) {
  return {
    region: session.region,
    session_id: session.sessionId,
    team_name: session.teamName,
    operation: session.operation,
    key_id: session.keyId ?? null,
    requester: session.requester,
    comment: session.comment ?? null,
    status: session.status,
    requested_at: session.requestedAt,
    expires_at: session.expiresAt,
  };
}

export function sessionRecord(row: SessionRow): ApprovalSessionRecord {
  return {
    region: row.region,
    sessionId: row.session_id,
    teamName: row.team_name,
    operation: row.operation,
    keyId: row.key_id ?? undefined,
    requester: row.requester,
    comment: row.comment ?? undefined,
    status: row.status,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
  };
}

export function decisionRow(decision: ApprovalDecisionRecord) {
  return {
    region: decision.region,
    session_id: decision.sessionId,
    member: decision.member,
    approves: Number(decision.approves),
    decided_at: decision.decidedAt,
  };
}

export function decisionRecord(row: DecisionRow): ApprovalDecisionRecord {
  return {
    region: row.region,
    sessionId: row.session_id,
    member: row.member,
    approves: row.approves === 1,
    decidedAt: row.decided_at,
  };
}

/** Stores a session, within whatever else is stored with it. */
export function insertSession(session: ApprovalSessionRecord): Statement {
  return insertInto('approval_sessions', sessionRow(session));
}
