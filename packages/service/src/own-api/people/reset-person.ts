import { Secret } from '@keywright/crypto';
import { newInvitation } from '../../access/enrolment.ts';
import { peopleIn } from '../../access/person.ts';
import type { ClosedRoute } from '../route.ts';
import { isoTime, NAME, objectOf, TEXT, TIME } from '../schemas.ts';
import { findPerson } from './person-answer.ts';

interface Input {
  readonly name: string;
}

export const resetPerson: ClosedRoute = {
  name: 'ResetPerson',
  method: 'POST',
  path: '/people/{name}/reset',
  tag: 'People',
  summary:
    'Invite a person anew, who lost password or authenticator, or was disabled; sessions end, old credentials are deleted',
  to: ['administrator', 'operator'],
  params: { name: NAME },
  answer: objectOf({ name: NAME, enrolmentCode: TEXT, expiresAt: TIME }),
  async check({ name }: Input, context) {
    await findPerson(name, context);
  },
  async run({ name }: Input, context) {
    const person = await findPerson(name, context);
    const { code, invitation } = newInvitation(context.now(), context.grant?.codeDigests ?? []);
    const generation = person.body.generation + 1;
    const invited = { status: 'invited', password: undefined, invitation, generation } as const;
    using none = Secret.take(new Uint8Array());
    const change = await peopleIn(context).replace(person, { body: { ...person.body, ...invited } }, none);
    await context.store.writeDocuments([change]);
    return { name, enrolmentCode: code, expiresAt: isoTime(invitation.expiresAt) };
  },
};
