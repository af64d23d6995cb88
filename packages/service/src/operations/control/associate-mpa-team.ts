import { conflict, notFound } from '../../api/exceptions.ts';
import { DuplicateRecordError } from '../../store/errors.ts';
import { teamNameOf } from '../approval/approval.ts';
import { associationAnswer } from '../approval/association.ts';
import type { Operation } from '../operation.ts';

/** From now on the action needs the team's approval. A team that is associated gives way to another only by its own approval. */
export const associateMpaTeam: Operation<'AssociateMpaTeam'> = async ({ Action, MpaTeamArn }, context) => {
  const { region, store } = context;
  const teamName = teamNameOf(MpaTeamArn, context);
  if (teamName === undefined || !(await store.findApprovalTeam(region, teamName))) throw notFound(MpaTeamArn);
  const association = { region, action: Action, teamName };
  try {
    await store.insertTeamAssociation(association);
  } catch (error) {
    if (!(error instanceof DuplicateRecordError)) throw error;
    throw conflict(`${Action} has an approval team: DisassociateMpaTeam asks that team to give way first.`);
  }
  return { MpaTeamAssociation: associationAnswer(association, undefined, context) };
};
