import { completeRotation } from '../../rotation/end-rotation.ts';
import type { ClosedRoute } from '../route.ts';
import { ROTATION, ROTATION_ID, rotationAnswer, rotationContext, tag } from './answers.ts';

interface Input {
  readonly rotationId: string;
  readonly byHandDone?: boolean;
  readonly stopOldKey?: boolean;
}

export const completeRotationRoute: ClosedRoute = {
  name: 'CompleteRotation',
  method: 'POST',
  path: '/rotations/{rotationId}/complete',
  tag,
  summary: 'Point every alias of the key to its successor; there is no way back from here',
  to: ['key-manager', 'operator'],
  params: { rotationId: ROTATION_ID },
  body: { byHandDone: { type: 'boolean' }, stopOldKey: { type: 'boolean' } },
  optional: ['byHandDone', 'stopOldKey'],
  answer: ROTATION,
  async run({ rotationId, ...choices }: Input, context) {
    return rotationAnswer(await completeRotation(rotationId, choices, rotationContext(context)), context);
  },
};
