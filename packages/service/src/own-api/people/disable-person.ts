import { Secret } from '@keywright/crypto';
import { peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { NAME, PERSON } from '../schemas.ts';
import { findPerson, personAnswer } from './person-answer.ts';

export const disablePerson: ClosedRoute = {
  name: 'DisablePerson',
  method: 'POST',
  path: '/people/{name}/disable',
  tag: 'People',
  summary: 'Shut a person out: sessions end, credentials are deleted; a reset lets the person in again',
  to: ['administrator', 'operator'],
  params: { name: NAME },
  answer: PERSON,
  async run({ name }: { readonly name: string }, context) {
    const person = await findPerson(name, context);
    const generation = person.body.generation + 1;
    const off = { status: 'disabled', password: undefined, invitation: undefined } as const;
    const body = { ...person.body, ...off, generation };
    using none = Secret.take(new Uint8Array());
    await context.store.writeDocuments([await peopleIn(context).replace(person, { body }, none)]);
    return personAnswer(await findPerson(name, context), context.account);
  },
};
