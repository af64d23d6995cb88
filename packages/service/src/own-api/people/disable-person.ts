import { Secret } from '@keywright/crypto';
import { machineKeysIn } from '../../access/access-keys.ts';
import { peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { NAME, PERSON } from '../schemas.ts';
import { findPerson, personAnswer } from './person-answer.ts';

interface Input {
  readonly name: string;
}

/** Access keys that are the person's own end too; those of machines go on, whoever was given them. */
export const disablePerson: ClosedRoute = {
  name: 'DisablePerson',
  method: 'POST',
  path: '/people/{name}/disable',
  tag: 'People',
  summary:
    'Shut a person out: sessions and own access keys end, credentials are deleted; a reset lets the person in again',
  to: ['administrator', 'operator'],
  params: { name: NAME },
  answer: PERSON,
  async check({ name }: Input, context) {
    await findPerson(name, context);
  },
  async run({ name }: Input, context) {
    const person = await findPerson(name, context);
    const generation = person.body.generation + 1;
    const off = { status: 'disabled', password: undefined, invitation: undefined } as const;
    using none = Secret.take(new Uint8Array());
    const change = await peopleIn(context).replace(
      person,
      { body: { ...person.body, ...off, generation } },
      none,
    );
    const keys = machineKeysIn(context);
    const own = (await keys.list({ group: name })).filter(({ body }) => body.active);
    const ended = own.map((key) => keys.replace(key, { body: { ...key.body, active: false } }));
    await context.store.writeDocuments([change, ...(await Promise.all(ended))]);
    return personAnswer(await findPerson(name, context), context.account);
  },
};
