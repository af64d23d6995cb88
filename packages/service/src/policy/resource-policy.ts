import { AwsException } from '../api/exceptions.ts';
import type { PolicyRequest } from './condition-keys.ts';
import type { Condition } from './policy-condition.ts';
import type { PolicyEffect, Statement } from './policy-document.ts';

/** An account stands for everybody in it, by its number or by the ARN of its root. */
function isPrincipal(named: string, { principalArn, account }: PolicyRequest): boolean {
  return (
    named === '*' || named === principalArn || named === account || named === `arn:aws:iam::${account}:root`
  );
}

function applies({ principals, actions, conditions }: Statement, request: PolicyRequest): boolean {
  return (
    actions.has(request.action) &&
    principals.some((principal) => isPrincipal(principal, request)) &&
    conditions.every((condition) => condition.holds(request))
  );
}

/**
 * What a key's policy says of a request of its own account: an explicit deny; an allow, where a statement names the caller or
 * everybody; or nothing. An allow for the account only leaves it to the caller's own policy.
 */
export function resourceVerdict(policy: readonly Statement[], request: PolicyRequest): PolicyEffect {
  const applying = policy.filter((statement) => applies(statement, request));
  if (applying.some(({ effect }) => effect === 'Deny')) return 'deny';
  const named = (principal: string) => principal === '*' || principal === request.principalArn;
  return applying.some(({ principals }) => principals.some(named)) ? 'allow' : undefined;
}

const NAMED_ACCOUNTS: Readonly<Record<string, (value: string) => boolean>> = {
  'aws:principalaccount': (value) => /^\d{12}$/.test(value),
  'aws:principalarn': (value) => /^arn:aws:(?:iam|sts)::\d{12}:/.test(value),
};

/** Does the condition hold for callers of named accounts only? */
function namesAccounts({ key, values, positive }: Condition): boolean {
  return positive && Object.hasOwn(NAMED_ACCOUNTS, key) && values.every(NAMED_ACCOUNTS[key]!);
}

function isPublic({ effect, principals, conditions }: Statement): boolean {
  return effect === 'Allow' && principals.includes('*') && !conditions.some(namesAccounts);
}

/** Throws when a statement would open the key to everybody. */
export function checkNotPublic(policy: readonly Statement[]): void {
  const index = policy.findIndex(isPublic);
  if (index < 0) return;
  throw new AwsException(
    'PublicPolicyException',
    `Policy.Statement[${index}] would open the key to everybody: name principals, or limit * by a condition on aws:PrincipalAccount or aws:PrincipalArn.`,
  );
}
