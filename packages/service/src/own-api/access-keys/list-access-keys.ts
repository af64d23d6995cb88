import { machineKeysIn } from '../../access/access-keys.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { ACCESS_KEY, accessKeyAnswer } from './access-key-answer.ts';

export const listAccessKeys: ClosedRoute = {
  name: 'ListAccessKeys',
  method: 'GET',
  path: '/access-keys',
  tag: 'Access keys',
  summary: 'All access keys that have policies; never their secrets',
  to: [...EVERY_PERSON, 'operator'],
  answer: objectOf({ accessKeys: listOf(ACCESS_KEY) }),
  async run(_input, context) {
    return { accessKeys: (await machineKeysIn(context).list()).map(accessKeyAnswer) };
  },
};
