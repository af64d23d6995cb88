import { machineKeysIn } from '../../access/access-keys.ts';
import { readIdentityPolicy } from '../../policy/identity-policy.ts';
import type { ClosedRoute, OwnContext } from '../route.ts';
import { ACCESS_KEY, ACCESS_KEY_ID, accessKeyAnswer, findAccessKey, POLICY } from './access-key-answer.ts';

interface Input {
  readonly accessKeyId: string;
  readonly policy: string;
}

async function check({ accessKeyId, policy }: Input, context: OwnContext): Promise<void> {
  readIdentityPolicy(policy);
  await findAccessKey(accessKeyId, context);
}

export const putAccessKeyPolicy: ClosedRoute = {
  name: 'PutAccessKeyPolicy',
  method: 'PUT',
  path: '/access-keys/{accessKeyId}/policy',
  tag: 'Access keys',
  summary: 'Put another policy in the place of the one that an access key has; it is in force at once',
  to: ['administrator', 'operator'],
  params: { accessKeyId: ACCESS_KEY_ID },
  body: { policy: POLICY },
  answer: ACCESS_KEY,
  check,
  async run(input: Input, context) {
    await check(input, context);
    const key = await findAccessKey(input.accessKeyId, context);
    const body = { ...key.body, policy: input.policy };
    await context.store.writeDocuments([await machineKeysIn(context).replace(key, { body })]);
    return accessKeyAnswer(await findAccessKey(input.accessKeyId, context));
  },
};
