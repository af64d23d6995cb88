import { associationAnswer, endingSession, findAssociation } from '../approval/association.ts';
import type { Operation } from '../operation.ts';

export const getMpaTeamAssociation: Operation<'GetMpaTeamAssociation'> = async ({ Action }, context) => {
  const association = await findAssociation(Action, context);
  const session = await endingSession(association, context);
  return { MpaTeamAssociation: associationAnswer(association, session, context) };
};
