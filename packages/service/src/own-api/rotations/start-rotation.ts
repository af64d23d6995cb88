import { showKey } from '../../dual-control/aws-action.ts';
import { resolveKey } from '../../operations/key-identifier.ts';
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
  async keys({ keyIdentifier, successorIdentifier }: StartRotation, context) {
    const own = rotationContext(context);
    const named = { keyIdentifier, ...(successorIdentifier && { successorIdentifier }) };
    return Promise.all(
      Object.entries(named).map(async ([member, identifier]) =>
        showKey({ member, record: await resolveKey(identifier, own) }, own),
      ),
    );
  },
  async run(input: StartRotation, context) {
    return rotationAnswer(await startRotation(input, rotationContext(context)), context);
  },
};
