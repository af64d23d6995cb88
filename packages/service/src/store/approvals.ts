import {
  type DecisionRow,
  decisionRecord,
  decisionRow,
  type SessionRow,
  sessionRecord,
  type TeamRow,
  teamRecord,
  teamRow,
} from './approval-rows.ts';
import { type Database, insertInto, type Statement } from './database.ts';
import { replaceRevision } from './keys.ts';
import type {
  ApprovalDecisionRecord,
  ApprovalSessionRecord,
  ApprovalTeamRecord,
} from './records/approval.ts';
import type { KeyRecord } from './records/key.ts';

const FIND_TEAM = 'SELECT * FROM approval_teams WHERE region = ? AND team_name = ?';
const LIST_TEAMS = 'SELECT * FROM approval_teams WHERE region = ? ORDER BY team_name';
const FIND_SESSION = 'SELECT * FROM approval_sessions WHERE region = ? AND session_id = ?';
// The status stands in the text, not among the values, so that the index over this status alone serves it.
const PENDING =
  "SELECT * FROM approval_sessions WHERE status = 'PENDING' ORDER BY requested_at, region, session_id";
const PENDING_OF_REGION =
  "SELECT * FROM approval_sessions WHERE status = 'PENDING' AND region = ? ORDER BY requested_at, session_id";
const END =
  "UPDATE approval_sessions SET status = ? WHERE region = ? AND session_id = ? AND status = 'PENDING' RETURNING session_id";
const DISASSOCIATE = 'DELETE FROM team_associations WHERE region = ? AND session_id = ?';
const DECISIONS =
  'SELECT * FROM approval_decisions WHERE region = ? AND session_id = ? ORDER BY decided_at, member';

function endsAssociation({ operation, status }: ApprovalSessionRecord): boolean {
  return operation === 'DisassociateMpaTeam' && status === 'APPROVED';
}

/** Approval teams, their sessions and decisions. */
export interface ApprovalStore {
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
}

export function approvalMethods(database: Database): ApprovalStore {
  const teams = async (sql: string, ...values: Statement['values']) =>
    (await database.query<TeamRow>({ sql, values })).map(teamRecord);
  const sessions = async (sql: string, ...values: Statement['values']) =>
    (await database.query<SessionRow>({ sql, values })).map(sessionRecord);

  return {
    async insertApprovalTeam(team) {
      await database.atomically([insertInto('approval_teams', teamRow(team))]);
    },
    async findApprovalTeam(region, teamName) {
      return (await teams(FIND_TEAM, region, teamName))[0];
    },
    listApprovalTeams(region) {
      return teams(LIST_TEAMS, region);
    },
    async findApprovalSession(region, sessionId) {
      return (await sessions(FIND_SESSION, region, sessionId))[0];
    },
    pendingSessions(region) {
      return region === undefined ? sessions(PENDING) : sessions(PENDING_OF_REGION, region);
    },
    async insertDecision(decision) {
      await database.atomically([insertInto('approval_decisions', decisionRow(decision))]);
    },
    async listDecisions(region, sessionId) {
      const values = [region, sessionId];
      return (await database.query<DecisionRow>({ sql: DECISIONS, values })).map(decisionRecord);
    },
    endSession(session, key) {
      const { region, sessionId, status } = session;
      return database.atomically([
        { sql: END, values: [status, region, sessionId], required: true },
        ...(key === undefined ? [] : [replaceRevision(key)]),
        ...(endsAssociation(session) ? [{ sql: DISASSOCIATE, values: [region, sessionId] }] : []),
      ]);
    },
  };
}
