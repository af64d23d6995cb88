import type { OwnClient } from './own-client.ts';
import { notEmpty, type Questions, sixDigits } from './questions.ts';
import { keepSession } from './session-file.ts';
import type { SignedIn } from './sign-in.ts';

/** The new password, typed twice. */
export async function askNewPassword(questions: Questions): Promise<string> {
  const password = await questions.askSecret('New password', notEmpty);
  await questions.askSecret('New password once more', (again) =>
    again === password ? undefined : 'is not the same',
  );
  return password;
}

/** The codes of an invitation: one from who asked for it, and with dual control one from who approved it. */
async function askCodes(questions: Questions): Promise<string[]> {
  const first = await questions.askSecret('Enrolment code from who invited you', notEmpty);
  const second = await questions.askSecret(
    'Enrolment code from who approved it (empty where nobody had to)',
    () => undefined,
  );
  return [first, second].filter((code) => code !== '');
}

function groups(secret: string): string {
  return secret.match(/.{1,4}/g)!.join(' ');
}

/** Sets the first password, shows the secret for the authenticator app, and signs in with its first code. */
export async function enrolWithCode(
  name: string,
  codes: readonly string[],
  client: OwnClient,
  questions: Questions,
): Promise<SignedIn> {
  const password = await askNewPassword(questions);
  const input = { name, codes, password };
  const { secret, uri } = await client.sendOpenly<{ secret: string; uri: string }>(
    'POST',
    '/enrolments',
    input,
  );
  const sheet = `Secret for your authenticator app, shown this once:\n\n  ${groups(secret)}\n\n  ${uri}\n`;
  await questions.showAlone(sheet, 'Have you entered it?');
  const code = await questions.askSecret('One-time password', sixDigits);
  return client.sendOpenly<SignedIn>('POST', '/sessions', { name, password, code });
}

/** Accepts an invitation; whoever did is signed in. */
export async function enrol(name: string, client: OwnClient, questions: Questions): Promise<SignedIn> {
  const session = await enrolWithCode(name, await askCodes(questions), client, questions);
  keepSession(client.endpoint, { name, token: session.token, expiresAt: session.expiresAt });
  return session;
}
