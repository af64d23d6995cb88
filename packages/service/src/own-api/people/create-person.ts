import { newInvitation } from '../../access/enrolment.ts';
import { PEOPLE, type Person, type PersonRole, peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { isoTime, NAME, objectOf, ROLES, TEXT, TIME } from '../schemas.ts';
import { checkNameIsFree } from './person-answer.ts';

interface Input {
  readonly name: string;
  readonly roles: readonly PersonRole[];
}

/** With dual control on, enrolling takes two codes: the one of this answer, and the one that who approved was told. */
export const createPerson: ClosedRoute = {
  name: 'CreatePerson',
  method: 'POST',
  path: '/people',
  tag: 'People',
  summary:
    'Make a person, who then enrols with the code of the answer, and with one of who approved where somebody had to',
  to: ['administrator', 'operator'],
  body: { name: NAME, roles: ROLES },
  answer: objectOf({ name: NAME, enrolmentCode: TEXT, expiresAt: TIME }),
  check: ({ name }: Input, context) => checkNameIsFree(name, context),
  async run({ name, roles }: Input, context) {
    await checkNameIsFree(name, context);
    const now = context.now();
    const { code, invitation } = newInvitation(now, context.grant?.codeDigests ?? []);
    const body: Person = { roles, status: 'invited', createdAt: now, generation: 0, invitation, lastStep: 0 };
    await context.store.writeDocuments([await peopleIn(context).insert({ id: name, group: PEOPLE, body })]);
    return { name, enrolmentCode: code, expiresAt: isoTime(invitation.expiresAt) };
  },
};
