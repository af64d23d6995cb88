import type { ClosedRoute } from '../route.ts';
import { POLICY } from './policy-schema.ts';

export const disableDualControl: ClosedRoute = {
  name: 'DisableDualControl',
  method: 'POST',
  path: '/dual-control/disable',
  tag: 'Dual control',
  summary: 'Switch dual control off, which a second administrator must approve',
  to: ['administrator'],
  answer: POLICY,
  async run(_input, context) {
    const { version: _, ...policy } = await context.dualControl.current();
    return context.dualControl.put({ ...policy, enabled: false });
  },
};
