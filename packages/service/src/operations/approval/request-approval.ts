import { invalid } from '../../api/exceptions.ts';
import type { ApprovalSessionRecord } from '../../store/records/approval.ts';
import type { Context } from '../operation.ts';
import { newSession } from './approval.ts';

/**
 * The session that the import of a root certificate has to wait for; undefined where no team is associated with it. It is
 * stored together with the key.
 *
 * @throws AwsException ValidationException when the team would get no comment to decide by
 */
export async function requestApproval(
  comment: string | undefined,
  context: Context,
): Promise<ApprovalSessionRecord | undefined> {
  const { region, store } = context;
  const association = await store.findTeamAssociation(region, 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE');
  if (association === undefined) return undefined;
  if (!comment?.trim()) {
    throw invalid(
      'RequesterComment must be given: the import of a root certificate waits for the approval of a team, which decides by it.',
    );
  }
  return newSession({ teamName: association.teamName, operation: 'ImportKey', comment }, context);
}
