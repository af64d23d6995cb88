import { exportItems } from '../../rotation/export-items.ts';
import type { ClosedRoute } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { ITEM, itemAnswer, ROTATION_ID, rotationContext, tag } from './answers.ts';

interface Input {
  readonly rotationId: string;
  readonly after?: number;
  readonly limit?: number;
}

export const exportItemsRoute: ClosedRoute = {
  name: 'ExportRotationItems',
  method: 'POST',
  path: '/rotations/{rotationId}/export',
  tag,
  summary: 'Export the next items that wait or have failed; it may be repeated',
  to: ['key-manager', 'operator'],
  params: { rotationId: ROTATION_ID },
  body: { after: { type: 'integer', minimum: 0 }, limit: { type: 'integer', minimum: 1, maximum: 500 } },
  optional: ['after', 'limit'],
  answer: objectOf({ items: listOf(ITEM) }),
  async run({ rotationId, ...page }: Input, context) {
    const items = await exportItems(rotationId, page, rotationContext(context));
    return { items: items.map((item) => itemAnswer(item, context)) };
  },
};
