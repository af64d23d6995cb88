import type { OwnClient } from './own-client.ts';
import { notEmpty, type Questions, sixDigits } from './questions.ts';
import { keepSession } from './session-file.ts';

/** What the service says of somebody who signed in. */
export interface SignedIn {
  readonly token: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly expiresAt: string;
  readonly idleMinutes: number;
}

/** Asks for password and one-time password, and keeps the session. */
export async function signIn(name: string, client: OwnClient, questions: Questions): Promise<SignedIn> {
  const password = await questions.askSecret('Password', notEmpty);
  const code = await questions.askSecret('One-time password', sixDigits);
  const session = await client.sendOpenly<SignedIn>('POST', '/sessions', { name, password, code });
  const { token, expiresAt } = session;
  keepSession(client.endpoint, { name, token, expiresAt });
  return session;
}

export function describeSignedIn({ name, roles, expiresAt, idleMinutes }: SignedIn): string {
  return `${name} is signed in as ${roles.join(', ')}, until ${expiresAt}, or until nothing was asked for ${idleMinutes} minutes`;
}
