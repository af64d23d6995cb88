import { ADMINISTRATOR, machineKeysIn, userArn } from '../../access/access-keys.ts';
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

/**
 * People, machines and members of approval teams are all users of the account: one name, one user. A machine may have its name already.
 *
 * @throws AwsException ConflictException
 */
export async function checkNameIsFree(
  name: string,
  context: OwnContext,
  user: 'person' | 'machine' = 'person',
): Promise<void> {
  const person = await peopleIn(context).find(name);
  const keys = user === 'machine' ? [] : await machineKeysIn(context).list({ group: name });
  const member = await context.store.findAccessKeyOf(name);
  if (name === ADMINISTRATOR || person || member || keys.length > 0) {
    throw conflict(`The name ${name} is taken: choose another.`);
  }
}
