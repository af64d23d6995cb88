import { machineKeysIn } from '../../access/access-keys.ts';
import type { ClosedRoute } from '../route.ts';
import { ACCESS_KEY, ACCESS_KEY_ID, accessKeyAnswer, findAccessKey } from './access-key-answer.ts';

interface Input {
  readonly accessKeyId: string;
}

export const deactivateAccessKey: ClosedRoute = {
  name: 'DeactivateAccessKey',
  method: 'POST',
  path: '/access-keys/{accessKeyId}/deactivate',
  tag: 'Access keys',
  summary: 'Switch an access key off, for good; it is refused at once',
  to: ['administrator', 'operator'],
  params: { accessKeyId: ACCESS_KEY_ID },
  answer: ACCESS_KEY,
  async check({ accessKeyId }: Input, context) {
    await findAccessKey(accessKeyId, context);
  },
  async run({ accessKeyId }: Input, context) {
    const key = await findAccessKey(accessKeyId, context);
    const body = { ...key.body, active: false };
    await context.store.writeDocuments([await machineKeysIn(context).replace(key, { body })]);
    return accessKeyAnswer(await findAccessKey(accessKeyId, context));
  },
};
