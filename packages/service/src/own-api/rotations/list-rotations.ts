import type { ClosedRoute } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { ROTATION, rotationAnswer, tag } from './answers.ts';

export const listRotations: ClosedRoute = {
  name: 'ListRotations',
  method: 'GET',
  path: '/rotations',
  tag,
  summary: 'The rotations of the region, the newest first',
  to: ['key-manager', 'auditor', 'approver', 'operator'],
  answer: objectOf({ rotations: listOf(ROTATION) }),
  async run(_input, context) {
    const rotations = await context.store.listRotations(context.region);
    return { rotations: await Promise.all(rotations.map((rotation) => rotationAnswer(rotation, context))) };
  },
};
