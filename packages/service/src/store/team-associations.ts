import type { MpaOperation } from '../api/control-plane.generated.ts';
import { insertSession } from './approval-rows.ts';
import { type Database, insertInto } from './database.ts';
import type { ApprovalSessionRecord, TeamAssociationRecord } from './records/approval.ts';

const FIND = 'SELECT * FROM team_associations WHERE region = ? AND action = ?';
const POINT_TO_SESSION =
  "UPDATE team_associations SET session_id = ? WHERE region = ? AND action = ? AND coalesce(session_id, '') = ? RETURNING action";

type AssociationRow = ReturnType<typeof associationRow>;

function associationRow({ region, action, teamName, sessionId }: TeamAssociationRecord) {
  return { region, action, team_name: teamName, session_id: sessionId ?? null };
}

function associationRecord(row: AssociationRow): TeamAssociationRecord {
  return {
    region: row.region,
    action: row.action,
    teamName: row.team_name,
    sessionId: row.session_id ?? undefined,
  };
}

/** Which operations need which team. */
export interface TeamAssociationStore {
  /** @throws DuplicateRecordError when the action has a team */
  insertTeamAssociation(association: TeamAssociationRecord): Promise<void>;
  findTeamAssociation(region: string, action: MpaOperation): Promise<TeamAssociationRecord | undefined>;
  /**
   * Stores the session that decides on the end of an association; false, and nothing stored, when the association's latest
   * session is no longer the one that is replaced.
   */
  insertEndingSession(association: TeamAssociationRecord, session: ApprovalSessionRecord): Promise<boolean>;
}

export function teamAssociationMethods(database: Database): TeamAssociationStore {
  return {
    async insertTeamAssociation(association) {
      await database.atomically([insertInto('team_associations', associationRow(association))]);
    },
    async findTeamAssociation(region, action) {
      const values = [region, action];
      return (await database.query<AssociationRow>({ sql: FIND, values })).map(associationRecord)[0];
    },
    insertEndingSession({ region, action, sessionId: replaced = '' }, session) {
      const values = [session.sessionId, region, action, replaced];
      return database.atomically([insertSession(session), { sql: POINT_TO_SESSION, values, required: true }]);
    },
  };
}
