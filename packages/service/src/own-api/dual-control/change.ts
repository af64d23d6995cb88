import { conflict } from '../../api/exceptions.ts';
import type { ClosedRoute } from '../route.ts';
import { warningsOf } from './enough-people.ts';
import { CHOICES, type Choices, POLICY_WITH_WARNINGS } from './policy-schema.ts';

export const changeDualControl: ClosedRoute = {
  name: 'ChangeDualControl',
  method: 'PUT',
  path: '/dual-control',
  tag: 'Dual control',
  summary: 'Change what needs whose approval; what is not given stays. A second administrator must approve',
  to: ['administrator'],
  body: CHOICES,
  optional: Object.keys(CHOICES),
  answer: POLICY_WITH_WARNINGS,
  async run(choices: Choices, context) {
    const { version: _, ...policy } = await context.dualControl.current();
    if (!policy.enabled)
      throw conflict('Dual control is off: switch it on first (keywright custody enable).');
    const changed = await context.dualControl.put({ ...policy, ...choices });
    return { policy: changed, warnings: await warningsOf(changed, context) };
  },
};
