import { AwsException } from '../api/exceptions.ts';
import { readPolicy } from '../policy/policy-document.ts';
import { isDenied } from '../policy/resource-policy.ts';
import { MOST_TAGS } from '../policy/tags.ts';
import type { KeyRecord } from '../store/store.ts';
import type { Context } from './operation.ts';

/**
 * Asks the key's resource policy, if it has one. The identity of a caller of this account allows everything, and there are
 * no callers of others: what is left for the policy to say is Deny.
 *
 * @throws AwsException AccessDeniedException
 */
export async function checkPolicy(
  { region, keyId }: KeyRecord,
  arn: string,
  { store, caller, account, action }: Context,
): Promise<void> {
  const policy = await store.findResourcePolicy(region, keyId);
  if (policy === undefined) return;
  const tags = await store.listTags(region, keyId, { limit: MOST_TAGS });
  if (!isDenied(readPolicy(policy, arn), { principalArn: caller, account, region, action, tags })) return;
  throw new AwsException(
    'AccessDeniedException',
    `User: ${caller} is not authorized to perform: payment-cryptography:${action} on resource: ${arn} with an explicit deny in a resource-based policy`,
  );
}
