import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { listOf, objectOf, TEXT } from '../schemas.ts';

export const whoAmI: ClosedRoute = {
  name: 'WhoAmI',
  method: 'GET',
  path: '/whoami',
  tag: 'Sessions',
  summary: 'Who the token or the access key belongs to',
  to: [...EVERY_PERSON, 'operator', 'machine', 'member'],
  answer: objectOf({
    kind: { enum: ['operator', 'person', 'machine', 'member'] },
    name: TEXT,
    arn: TEXT,
    roles: listOf(TEXT),
  }),
  async run(_input, { principal: { kind, name, arn, roles } }) {
    return { kind, name, arn, roles };
  },
};
