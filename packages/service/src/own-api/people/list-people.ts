import { peopleIn } from '../../access/person.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { listOf, objectOf, PERSON } from '../schemas.ts';
import { personAnswer } from './person-answer.ts';

export const listPeople: ClosedRoute = {
  name: 'ListPeople',
  method: 'GET',
  path: '/people',
  tag: 'People',
  summary: 'All people, in order of their names',
  to: [...EVERY_PERSON, 'operator'],
  answer: objectOf({ people: listOf(PERSON) }),
  async run(_input, context) {
    const people = await peopleIn(context).list();
    return { people: people.map((person) => personAnswer(person, context.account)) };
  },
};
