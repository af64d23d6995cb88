import { digestOfCode, INVITATION_TIME, newEnrolmentCode } from '../../access/enrolment.ts';
import { PEOPLE, type Person, type PersonRole, peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { isoTime, NAME, objectOf, ROLES, TEXT, TIME } from '../schemas.ts';
import { checkNameIsFree } from './person-answer.ts';

interface Input {
  readonly name: string;
  readonly roles: readonly PersonRole[];
}

export const createPerson: ClosedRoute = {
  name: 'CreatePerson',
  method: 'POST',
  path: '/people',
  tag: 'People',
  summary: 'Make a person, who then enrols with the code of the answer',
  to: ['administrator', 'operator'],
  body: { name: NAME, roles: ROLES },
  answer: objectOf({ name: NAME, enrolmentCode: TEXT, expiresAt: TIME }),
  async run({ name, roles }: Input, context) {
    await checkNameIsFree(name, context);
    const enrolmentCode = newEnrolmentCode();
    const now = context.now();
    const expiresAt = now + INVITATION_TIME;
    const invitation = { requesterCode: digestOfCode(enrolmentCode), approverCodes: [], expiresAt };
    const body: Person = { roles, status: 'invited', createdAt: now, generation: 0, invitation, lastStep: 0 };
    await context.store.writeDocuments([await peopleIn(context).insert({ id: name, group: PEOPLE, body })]);
    return { name, enrolmentCode, expiresAt: isoTime(expiresAt) };
  },
};
