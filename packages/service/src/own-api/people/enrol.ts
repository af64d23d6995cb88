import { enrol } from '../../access/enrolment.ts';
import { encodeBase32 } from '../../access/one-time-password.ts';
import type { OpenRoute } from '../route.ts';
import { ANY_NAME, listOf, objectOf, PASSWORD, TEXT } from '../schemas.ts';

interface Input {
  readonly name: string;
  readonly codes: readonly string[];
  readonly password: string;
}

/** What authenticator apps read, from a QR code or typed. */
function uriOf(name: string, secret: string): string {
  const label = `Keywright:${encodeURIComponent(name)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=Keywright&algorithm=SHA1&digits=6&period=30`;
}

export const enrolRoute: OpenRoute = {
  name: 'Enrol',
  method: 'POST',
  path: '/enrolments',
  tag: 'People',
  summary:
    'Set the first password, with the codes of an invitation; answers the secret for one-time passwords, this once',
  to: 'anybody',
  body: {
    name: ANY_NAME,
    codes: { ...listOf({ type: 'string', maxLength: 64, format: 'password' }, 1), maxItems: 10 },
    password: PASSWORD,
  },
  answer: objectOf({ secret: TEXT, uri: TEXT }),
  async run({ name, codes, password }: Input, context) {
    using shared = await enrol(name, codes, password, context.now(), context);
    const secret = shared.expose(encodeBase32);
    return { secret, uri: uriOf(name, secret) };
  },
};
