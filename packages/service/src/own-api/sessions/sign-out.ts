import { endSession } from '../../access/session.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { NOTHING } from '../schemas.ts';

export const signOut: ClosedRoute = {
  name: 'SignOut',
  method: 'DELETE',
  path: '/sessions/current',
  tag: 'Sessions',
  summary: 'End the session of the token',
  to: EVERY_PERSON,
  answer: NOTHING,
  async run(_input, context) {
    await endSession(context.token!, context);
    return {};
  },
};
