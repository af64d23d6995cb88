import { conflict } from '../../api/exceptions.ts';
import { newSession } from '../approval/approval.ts';
import { associationAnswer, endingSession, findAssociation } from '../approval/association.ts';
import type { Operation } from '../operation.ts';

/** The team itself decides; until it has approved, the action needs its approval as before. */
export const disassociateMpaTeam: Operation<'DisassociateMpaTeam'> = async (input, context) => {
  const association = await findAssociation(input.Action, context);
  const { teamName } = association;
  const pending = (await endingSession(association, context))?.status === 'PENDING';
  const session = newSession(
    { teamName, operation: 'DisassociateMpaTeam', comment: input.RequesterComment },
    context,
  );
  if (pending || !(await context.store.insertEndingSession(association, session))) {
    throw conflict(`The team of ${input.Action} is deciding on this already.`);
  }
  return { MpaTeamAssociation: associationAnswer(association, session, context) };
};
