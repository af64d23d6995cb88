import type { MpaOperation, MpaTeamAssociation } from '../../api/control-plane.generated.ts';
import { AwsException } from '../../api/exceptions.ts';
import type { ApprovalSessionRecord, TeamAssociationRecord } from '../../store/records/approval.ts';
import { mpaStatus } from '../key-answer.ts';
import type { Context } from '../operation.ts';
import { approvalOf, teamArn } from './approval.ts';

/** @throws AwsException ResourceNotFoundException */
export async function findAssociation(
  action: MpaOperation,
  { region, store }: Context,
): Promise<TeamAssociationRecord> {
  const association = await store.findTeamAssociation(region, action);
  if (association !== undefined) return association;
  const message = `No approval team is associated with ${action}: AssociateMpaTeam does it.`;
  throw new AwsException('ResourceNotFoundException', message, { ResourceId: action });
}

/** The latest session that decides on the association's end. */
export async function endingSession(
  { region, sessionId }: TeamAssociationRecord,
  { store }: Context,
): Promise<ApprovalSessionRecord | undefined> {
  return sessionId === undefined ? undefined : store.findApprovalSession(region, sessionId);
}

export function associationAnswer(
  { action, teamName }: TeamAssociationRecord,
  session: ApprovalSessionRecord | undefined,
  context: Context,
): MpaTeamAssociation {
  return {
    Action: action,
    MpaTeamArn: teamArn(teamName, context),
    AssociationState: session?.status === 'PENDING' ? 'DELETE_PENDING' : 'ACTIVE',
    ...(session === undefined ? {} : { MpaStatus: mpaStatus(approvalOf(session, context)) }),
  };
}
