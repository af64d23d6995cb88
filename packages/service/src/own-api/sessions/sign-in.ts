import { personPrincipal } from '../../access/principal.ts';
import { IDLE_TIME } from '../../access/session.ts';
import { type Proof, signIn } from '../../access/sign-in.ts';
import type { OpenRoute } from '../route.ts';
import {
  ANY_NAME,
  isoTime,
  NAME,
  ONE_TIME_PASSWORD,
  objectOf,
  PASSWORD,
  ROLES,
  TEXT,
  TIME,
} from '../schemas.ts';

export const signInRoute: OpenRoute = {
  name: 'SignIn',
  method: 'POST',
  path: '/sessions',
  tag: 'Sessions',
  summary: 'Sign in with password and one-time password',
  to: 'anybody',
  body: { name: ANY_NAME, password: PASSWORD, code: ONE_TIME_PASSWORD },
  answer: objectOf({
    token: TEXT,
    name: NAME,
    arn: TEXT,
    roles: ROLES,
    expiresAt: TIME,
    idleMinutes: { type: 'integer' },
  }),
  async run(proof: Proof, context) {
    const { person, token, expiresAt } = await signIn(proof, context.now(), context);
    const { name, arn, roles } = personPrincipal(person, context.account);
    return { token, name, arn, roles, expiresAt: isoTime(expiresAt), idleMinutes: IDLE_TIME / 60_000 };
  },
};
