import { ADMINISTRATOR, userArn } from '../../access/access-keys.ts';
import { type PersonDocument, peopleIn } from '../../access/person.ts';
import { conflict, notFound } from '../../api/exceptions.ts';
import type { OwnContext } from '../route.ts';
import { isoTime } from '../schemas.ts';

export function personAnswer({ id: name, body }: PersonDocument, account: string): object {
  const { roles, status, createdAt, passwordChangedAt } = body;
  return {
    name,
    arn: userArn(account, name),
    roles,
    status,
    createdAt: isoTime(createdAt),
    ...(passwordChangedAt !== undefined && { passwordChangedAt: isoTime(passwordChangedAt) }),
  };
}

/** @throws AwsException ResourceNotFoundException */
export async function findPerson(name: string, context: OwnContext): Promise<PersonDocument> {
  const person = await peopleIn(context).find(name);
  if (person === undefined) throw notFound(name);
  return person;
}

/** People, machines and members of approval teams are all users of the account: one name, one user. */
export async function checkNameIsFree(name: string, { store, ...context }: OwnContext): Promise<void> {
  const person = await peopleIn({ store, ...context }).find(name);
  const taken = name === ADMINISTRATOR || person || (await store.findAccessKeyOf(name));
  if (taken) throw conflict(`The name ${name} is taken: choose another.`);
}
