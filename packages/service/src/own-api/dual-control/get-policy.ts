import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { POLICY } from './policy-schema.ts';

export const getDualControl: ClosedRoute = {
  name: 'GetDualControl',
  method: 'GET',
  path: '/dual-control',
  tag: 'Dual control',
  summary: 'Whether dual control is on, and what needs whose approval',
  to: [...EVERY_PERSON, 'operator', 'machine'],
  answer: POLICY,
  run: (_input, context) => context.dualControl.current(),
};
