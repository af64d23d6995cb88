import { rollBackRotation } from '../../rotation/end-rotation.ts';
import type { ClosedRoute } from '../route.ts';
import { ROTATION, ROTATION_ID, rotationAnswer, rotationContext, tag } from './answers.ts';

export const rollBackRotationRoute: ClosedRoute = {
  name: 'RollBackRotation',
  method: 'POST',
  path: '/rotations/{rotationId}/roll-back',
  tag,
  summary: 'Give a rotation up: nothing has changed for the key, and its successor is deleted',
  to: ['key-manager', 'operator'],
  params: { rotationId: ROTATION_ID },
  answer: ROTATION,
  async run({ rotationId }: { readonly rotationId: string }, context) {
    return rotationAnswer(await rollBackRotation(rotationId, rotationContext(context)), context);
  },
};
