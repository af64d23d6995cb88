import { findRotation } from '../../rotation/export-items.ts';
import type { ClosedRoute } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { ITEM, itemAnswer, POSITION, ROTATION_ID, rotationContext, tag } from './answers.ts';

const PAGE = 500;

export const listRotationItems: ClosedRoute = {
  name: 'ListRotationItems',
  method: 'GET',
  path: '/rotations/{rotationId}/items',
  tag,
  summary:
    'What goes out anew, with the key blocks that are there, in the order in which they are to be loaded',
  to: ['key-manager', 'operator'],
  params: { rotationId: ROTATION_ID },
  query: { after: POSITION },
  optional: ['after'],
  answer: objectOf({ items: listOf(ITEM) }),
  async run({ rotationId, after }: { readonly rotationId: string; readonly after?: string }, context) {
    const rotation = await findRotation(rotationId, rotationContext(context));
    const items = await context.store.listRotationItems(rotation, { after, limit: PAGE });
    return { items: items.map((item) => itemAnswer(item, context)) };
  },
};
