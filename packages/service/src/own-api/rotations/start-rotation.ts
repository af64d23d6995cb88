import { type StartRotation, startRotation } from '../../rotation/start-rotation.ts';
import type { ClosedRoute } from '../route.ts';
import { KEY_IDENTIFIER, ROTATION, rotationAnswer, rotationContext, tag } from './answers.ts';

export const startRotationRoute: ClosedRoute = {
  name: 'StartRotation',
  method: 'POST',
  path: '/rotations',
  tag,
  summary: 'Begin to replace a key: make its successor and plan what goes out anew',
  to: ['key-manager', 'operator'],
  body: { keyIdentifier: KEY_IDENTIFIER, successorIdentifier: KEY_IDENTIFIER },
  optional: ['successorIdentifier'],
  answer: ROTATION,
  async run(input: StartRotation, context) {
    return rotationAnswer(await startRotation(input, rotationContext(context)), context);
  },
};
