import { Secret } from '@keywright/crypto';
import { AwsException } from '../api/exceptions.ts';
import type { Keeping } from '../custody/documents.ts';
import { StaleRecordError } from '../store/errors.ts';
import { matchOneTimePassword, SHARED_SECRET_LENGTH } from './one-time-password.ts';
import { newPasswordParameters, STRETCHED_LENGTH, stretchPassword } from './password.ts';
import { type PersonDocument, peopleIn } from './person.ts';
import { startSession } from './session.ts';
import { countAttempt, forgetAttempts } from './sign-in-attempts.ts';

/** What somebody signs in with. */
export interface Proof {
  readonly name: string;
  readonly password: string;
  /** The one-time password: six digits. */
  readonly code: string;
}

/** One failure for all there can be, so that nobody learns which part was right. */
function failed(): AwsException {
  return new AwsException(
    'SignInFailedException',
    'The name, the password or the one-time password is wrong.',
  );
}

/** For names that nobody has, so that an attempt takes as long. */
const NOBODY = newPasswordParameters();

/** The shared secret of the one-time passwords and the stretched password, as one. */
export function joinCredentials(shared: Secret, stretched: Secret): Secret {
  return shared.expose((left) =>
    stretched.expose((right) => Secret.take(new Uint8Array(Buffer.concat([left, right])))),
  );
}

function part(credentials: Secret, from: number, length: number): Secret {
  return credentials.expose((bytes) => Secret.copyOf(bytes.subarray(from, from + length)));
}

export function sharedSecretOf(credentials: Secret): Secret {
  return part(credentials, 0, SHARED_SECRET_LENGTH);
}

/** The step of the one-time password, when both it and the password are right. */
async function checkProof(
  person: PersonDocument | undefined,
  { password, code }: Proof,
  now: number,
  keeping: Keeping,
): Promise<number | undefined> {
  using given = await stretchPassword(password, person?.body.password ?? NOBODY);
  if (person === undefined || person.body.password === undefined) return undefined;
  using credentials = await peopleIn(keeping).openSecret(person);
  using shared = sharedSecretOf(credentials);
  using stretched = part(credentials, SHARED_SECRET_LENGTH, STRETCHED_LENGTH);
  const step = matchOneTimePassword(shared, code, now, person.body.lastStep);
  return stretched.equals(given) ? step : undefined;
}

/**
 * Checks a person's password and one-time password. The one-time password is used up: of two requests with the same one, one fails.
 * The first success of somebody who is enrolling makes him active.
 *
 * @throws AwsException SignInFailedException, whatever was wrong; TooManyAttemptsException
 */
export async function provePerson(proof: Proof, now: number, keeping: Keeping): Promise<PersonDocument> {
  const { name } = proof;
  await countAttempt(name, now, keeping);
  const people = peopleIn(keeping);
  const person = await people.find(name);
  const step = await checkProof(person, proof, now, keeping);
  if (person === undefined || step === undefined) throw failed();
  if (person.body.status !== 'active' && person.body.status !== 'enrolling') throw failed();
  const body = { ...person.body, status: 'active', invitation: undefined, lastStep: step } as const;
  try {
    await keeping.store.writeDocuments([await people.replace(person, { body })]);
  } catch (error) {
    if (error instanceof StaleRecordError) throw failed();
    throw error;
  }
  await forgetAttempts(name, keeping);
  return (await people.find(name))!;
}

/** Signs somebody in. @throws AwsException as `provePerson` */
export async function signIn(proof: Proof, now: number, keeping: Keeping) {
  const person = await provePerson(proof, now, keeping);
  return { person, ...(await startSession(person, now, keeping)) };
}
