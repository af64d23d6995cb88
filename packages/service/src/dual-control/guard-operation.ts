import type { Principal } from '../access/principal.ts';
import { AwsException } from '../api/exceptions.ts';
import { OPERATIONS } from '../api/operations.ts';
import type { Context } from '../operations/operation.ts';
import { awsAction } from './aws-action.ts';
import { type GuardContext, guard } from './guard.ts';
import { mayNeedApproval } from './policy.ts';
import type { DualControl } from './policy-record.ts';

/** As AWS's clients know it: they have no exception for what somebody else must approve first. */
function inAwsWords(error: unknown, action: string): unknown {
  if (!(error instanceof AwsException && error.code === 'ApprovalRequiredException')) return error;
  const message = error.message.replace(`perform: ${action}`, `perform: payment-cryptography:${action}`);
  return new AwsException('AccessDeniedException', message);
}

/**
 * Carries out an operation of AWS's, where dual control asks for it only once others have approved it.
 *
 * @throws AwsException AccessDeniedException with the id of the request that has to be approved; then the same call succeeds
 */
export async function guardOperation<Output>(
  input: unknown,
  principal: Principal,
  context: Context & { readonly dualControl: DualControl },
  carryOut: () => Promise<Output>,
): Promise<Output> {
  const { action, dualControl } = context;
  const { plane } = OPERATIONS.get(action)!;
  const policy = await (plane === 'data' ? dualControl.recent(context.now()) : dualControl.current());
  if (!policy.enabled) return await carryOut();
  const shutOut = principal.kind === 'operator' && policy.operator === 'nothing';
  if (!shutOut && !mayNeedApproval(policy, action)) return await carryOut();
  const guardContext: GuardContext = { ...context, principal };
  try {
    return await guard(await awsAction(action, input, context), guardContext, carryOut);
  } catch (error) {
    throw inAwsWords(error, action);
  }
}
