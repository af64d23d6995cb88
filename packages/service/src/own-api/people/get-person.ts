import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { NAME, PERSON } from '../schemas.ts';
import { findPerson, personAnswer } from './person-answer.ts';

export const getPerson: ClosedRoute = {
  name: 'GetPerson',
  method: 'GET',
  path: '/people/{name}',
  tag: 'People',
  summary: 'One person',
  to: [...EVERY_PERSON, 'operator'],
  params: { name: NAME },
  answer: PERSON,
  async run({ name }: { readonly name: string }, context) {
    return personAnswer(await findPerson(name, context), context.account);
  },
};
