import { countPeople } from '../../dual-control/decide.ts';
import type { DualControlPolicy, Rule } from '../../dual-control/policy.ts';
import type { OwnContext } from '../route.ts';

/** Who asks is one more where those who approve ask too. */
async function lacking({ approvals, approvers, actions }: Rule, context: OwnContext): Promise<string[]> {
  const people = await countPeople(approvers, context);
  const needed = approvers.includes('administrator') ? approvals + 1 : approvals;
  if (people >= needed) return [];
  const roles = approvers.join(' or ');
  return [
    `${actions.join(', ')}: needs ${needed} active people with the role ${roles}, and there are ${people}`,
  ];
}

/** What can't be done for want of people to approve it. */
export async function warningsOf({ rules }: DualControlPolicy, context: OwnContext): Promise<string[]> {
  return (await Promise.all(rules.map((rule) => lacking(rule, context)))).flat();
}
