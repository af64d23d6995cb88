import { type MachineKeyDocument, machineKeysIn } from '../../access/access-keys.ts';
import { peopleIn } from '../../access/person.ts';
import { conflict, notFound } from '../../api/exceptions.ts';
import { LONGEST_POLICY, readIdentityPolicy } from '../../policy/identity-policy.ts';
import { checkNameIsFree } from '../people/person-answer.ts';
import type { OwnContext, Schema } from '../route.ts';
import { isoTime, NAME, objectOf, TEXT, TIME } from '../schemas.ts';

export const ACCESS_KEY_ID: Schema = { type: 'string', pattern: '^AKIA[A-Z2-7]{16}$' };
export const POLICY: Schema = {
  type: 'string',
  maxLength: LONGEST_POLICY,
  description: 'An identity-based policy, as IAM has it: JSON with Version and Statement',
};
export const ACCESS_KEY: Schema = objectOf({
  accessKeyId: ACCESS_KEY_ID,
  user: NAME,
  owner: TEXT,
  active: { type: 'boolean' },
  policy: POLICY,
  createdAt: TIME,
});

export function accessKeyAnswer({ id, group: user, body }: MachineKeyDocument): object {
  const { owner, active, policy, createdAt } = body;
  return { accessKeyId: id, user, owner, active, policy, createdAt: isoTime(createdAt) };
}

/** @throws AwsException ResourceNotFoundException */
export async function findAccessKey(id: string, context: OwnContext): Promise<MachineKeyDocument> {
  const key = await machineKeysIn(context).find(id);
  if (key === undefined) throw notFound(id);
  return key;
}

/** So that one can be replaced by another while both work. */
const MOST_KEYS = 2;

/**
 * A user of access keys is a person, whose own keys they are, or a machine.
 *
 * @throws AwsException ValidationException for a policy that can't be read; ConflictException when the name is another's, or has
 * access keys enough
 */
export async function checkNewKey(user: string, policy: string, context: OwnContext): Promise<void> {
  readIdentityPolicy(policy);
  const person = await peopleIn(context).find(user);
  if (person === undefined) await checkNameIsFree(user, context, 'machine');
  if (person && user !== context.principal.name) {
    throw conflict(`${user} is a person, who makes access keys of that name; choose another for a machine.`);
  }
  const keys = (await machineKeysIn(context).list({ group: user })).filter(({ body }) => body.active);
  if (keys.length >= MOST_KEYS) throw conflict(`${user} has ${MOST_KEYS} access keys: deactivate one first.`);
}
