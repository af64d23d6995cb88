import { type PersonRole, peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { NAME, PERSON, ROLES } from '../schemas.ts';
import { findPerson, personAnswer } from './person-answer.ts';

interface Input {
  readonly name: string;
  readonly roles: readonly PersonRole[];
}

export const changeRoles: ClosedRoute = {
  name: 'ChangeRoles',
  method: 'PUT',
  path: '/people/{name}/roles',
  tag: 'People',
  summary: "Change a person's roles; the person's sessions end",
  to: ['administrator', 'operator'],
  params: { name: NAME },
  body: { roles: ROLES },
  answer: PERSON,
  async check({ name }: Input, context) {
    await findPerson(name, context);
  },
  async run({ name, roles }: Input, context) {
    const person = await findPerson(name, context);
    const body = { ...person.body, roles, generation: person.body.generation + 1 };
    await context.store.writeDocuments([await peopleIn(context).replace(person, { body })]);
    return personAnswer(await findPerson(name, context), context.account);
  },
};
