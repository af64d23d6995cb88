import { changePassword } from '../../access/enrolment.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { NOTHING, ONE_TIME_PASSWORD, PASSWORD } from '../schemas.ts';

interface Input {
  readonly password: string;
  readonly code: string;
  readonly newPassword: string;
}

export const changePasswordRoute: ClosedRoute = {
  name: 'ChangePassword',
  method: 'PUT',
  path: '/password',
  tag: 'Sessions',
  summary: 'Change the own password; every session of the person ends',
  to: EVERY_PERSON,
  body: { password: PASSWORD, code: ONE_TIME_PASSWORD, newPassword: PASSWORD },
  answer: NOTHING,
  async run({ password, code, newPassword }: Input, context) {
    const proof = { name: context.principal.name, password, code };
    await changePassword(proof, newPassword, context.now(), context);
    return {};
  },
};
