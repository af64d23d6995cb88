import { findRotation } from '../../rotation/export-items.ts';
import type { ClosedRoute } from '../route.ts';
import { ROTATION, ROTATION_ID, rotationAnswer, rotationContext, tag } from './answers.ts';

export const getRotation: ClosedRoute = {
  name: 'GetRotation',
  method: 'GET',
  path: '/rotations/{rotationId}',
  tag,
  summary: 'How far a rotation is',
  to: ['key-manager', 'auditor', 'approver', 'operator'],
  params: { rotationId: ROTATION_ID },
  answer: ROTATION,
  async run({ rotationId }: { readonly rotationId: string }, context) {
    return rotationAnswer(await findRotation(rotationId, rotationContext(context)), context);
  },
};
