import { hash } from 'node:crypto';
import { equal, randomBytes, Secret } from '@keywright/crypto';
import { AwsException } from '../api/exceptions.ts';
import type { Keeping } from '../custody/documents.ts';
import { SHARED_SECRET_LENGTH } from './one-time-password.ts';
import { checkPassword, newPasswordParameters, stretchPassword } from './password.ts';
import { type Invitation, type PersonDocument, peopleIn } from './person.ts';
import { joinCredentials, type Proof, provePerson, sharedSecretOf } from './sign-in.ts';
import { countAttempt, forgetAttempts } from './sign-in-attempts.ts';

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 20;
/** Milliseconds that somebody has to enrol. */
const INVITATION_TIME = 72 * 60 * 60 * 1000;

/** A code to be told to somebody: 100 random bits, in groups of five, without letters that look like digits. */
export function newEnrolmentCode(): string {
  const characters = Array.from(randomBytes(CODE_LENGTH), (byte) => ALPHABET[byte & 31]).join('');
  return characters.match(/.{5}/g)!.join('-');
}

/** A new invitation with the code that its requester is told; `approverCodes` are digests of those that who approved was told. */
export function newInvitation(
  now: number,
  approverCodes: readonly string[],
): { readonly code: string; readonly invitation: Invitation } {
  const code = newEnrolmentCode();
  const expiresAt = now + INVITATION_TIME;
  return { code, invitation: { requesterCode: digestOfCode(code), approverCodes, expiresAt } };
}

/** The digest of a code, however its groups were typed. */
export function digestOfCode(code: string): string {
  return hash('sha256', code.toUpperCase().replace(/[\s-]/g, ''), 'hex');
}

function isOneOf(digests: readonly string[], codes: readonly string[]): boolean {
  const given = codes.map((code) => Buffer.from(digestOfCode(code), 'hex'));
  const found = digests.map((digest) => given.filter((one) => equal(one, Buffer.from(digest, 'hex'))).length);
  return found.some((count) => count > 0);
}

/** The requester's code is needed, and where somebody approved, one of his too: neither of them alone can enrol as somebody else. */
function opens(
  { requesterCode, approverCodes, expiresAt }: Invitation,
  codes: readonly string[],
  now: number,
) {
  const approved = approverCodes.length === 0 || isOneOf(approverCodes, codes);
  return isOneOf([requesterCode], codes) && approved && now < expiresAt;
}

function failed(): AwsException {
  return new AwsException(
    'SignInFailedException',
    'The name or an enrolment code is wrong, or the codes were used or have expired.',
  );
}

/**
 * Gives somebody who was invited his password and a new shared secret for one-time passwords; the first sign-in with both ends the
 * enrolment, and until then it may be done again.
 *
 * @returns the shared secret, 20 bytes, the caller's to dispose of
 * @throws AwsException SignInFailedException when the codes are not right; ValidationException for a password that is easy to guess
 */
export async function enrol(
  name: string,
  codes: readonly string[],
  password: string,
  now: number,
  keeping: Keeping,
): Promise<Secret> {
  await countAttempt(name, now, keeping);
  const people = peopleIn(keeping);
  const person = await people.find(name);
  const invitation = person?.body.invitation;
  if (person === undefined || invitation === undefined || !opens(invitation, codes, now)) throw failed();
  await forgetAttempts(name, keeping);
  checkPassword(password, name);
  const parameters = newPasswordParameters();
  const shared = Secret.take(randomBytes(SHARED_SECRET_LENGTH));
  using stretched = await stretchPassword(password, parameters);
  using credentials = joinCredentials(shared, stretched);
  const body = {
    ...person.body,
    status: 'enrolling',
    password: parameters,
    passwordChangedAt: now,
    lastStep: 0,
  } as const;
  await keeping.store.writeDocuments([await people.replace(person, { body }, credentials)]);
  return shared;
}

/**
 * Another password for somebody who proves that he has the present one and his authenticator. His sessions end.
 *
 * @throws AwsException as `provePerson`; ValidationException for a password that is easy to guess, or is the present one
 */
export async function changePassword(
  proof: Proof,
  password: string,
  now: number,
  keeping: Keeping,
): Promise<PersonDocument> {
  checkPassword(password, proof.name);
  const person = await provePerson(proof, now, keeping);
  const people = peopleIn(keeping);
  const parameters = newPasswordParameters();
  using kept = await people.openSecret(person);
  using shared = sharedSecretOf(kept);
  using stretched = await stretchPassword(password, parameters);
  using credentials = joinCredentials(shared, stretched);
  const generation = person.body.generation + 1;
  const body = { ...person.body, generation, password: parameters, passwordChangedAt: now };
  await keeping.store.writeDocuments([await people.replace(person, { body }, credentials)]);
  return (await people.find(proof.name))!;
}
