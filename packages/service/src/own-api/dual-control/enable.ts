import { conflict } from '../../api/exceptions.ts';
import { countPeople } from '../../dual-control/decide.ts';
import { DEFAULT_POLICY } from '../../dual-control/policy.ts';
import type { ClosedRoute } from '../route.ts';
import { warningsOf } from './enough-people.ts';
import { CHOICES, type Choices, POLICY_WITH_WARNINGS } from './policy-schema.ts';

const FEWEST_ADMINISTRATORS = 2;

/** Without two administrators nobody could ever be made, and dual control never be switched off again. */
export const enableDualControl: ClosedRoute = {
  name: 'EnableDualControl',
  method: 'POST',
  path: '/dual-control/enable',
  tag: 'Dual control',
  summary: 'Switch dual control on; from then on it takes two people to switch it off',
  to: ['administrator', 'operator'],
  body: CHOICES,
  optional: Object.keys(CHOICES),
  answer: POLICY_WITH_WARNINGS,
  async run(choices: Choices, context) {
    if ((await context.dualControl.current()).enabled) throw conflict('Dual control is on already.');
    const administrators = await countPeople(['administrator'], context);
    if (administrators < FEWEST_ADMINISTRATORS) {
      throw conflict(
        `Dual control needs ${FEWEST_ADMINISTRATORS} active administrators, and there are ${administrators}: make them first (keywright user create).`,
      );
    }
    const policy = await context.dualControl.put({ ...DEFAULT_POLICY, ...choices });
    return { policy, warnings: await warningsOf(policy, context) };
  },
};
