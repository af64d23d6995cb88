import { randomBytes } from '@keywright/crypto';
import { createAccessKey, machineKeysIn } from '../../access/access-keys.ts';
import type { ClosedRoute } from '../route.ts';
import { NAME, objectOf, TEXT } from '../schemas.ts';
import { ACCESS_KEY_ID, checkNewKey, POLICY } from './access-key-answer.ts';

interface Input {
  readonly user: string;
  readonly policy: string;
}

export const createAccessKeyRoute: ClosedRoute = {
  name: 'CreateAccessKey',
  method: 'POST',
  path: '/access-keys',
  tag: 'Access keys',
  summary:
    'Make an access key for a machine, or for oneself; who asks is told the secret, this once, and owns the key: he can never approve what it asks for',
  to: ['administrator', 'key-manager', 'operator'],
  body: { user: NAME, policy: POLICY },
  answer: objectOf({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: TEXT, user: NAME, owner: TEXT }),
  check: ({ user, policy }: Input, context) => checkNewKey(user, policy, context),
  async run({ user, policy }: Input, context) {
    await checkNewKey(user, policy, context);
    const { id, secret } = createAccessKey(randomBytes);
    using clear = secret;
    const owner = context.principal.owner;
    const body = { owner, active: true, policy, createdAt: context.now() };
    const change = await machineKeysIn(context).insert({ id, group: user, body }, clear);
    await context.store.writeDocuments([change]);
    const secretAccessKey = clear.expose((bytes) => Buffer.from(bytes).toString('latin1'));
    return { accessKeyId: id, secretAccessKey, user, owner };
  },
};
