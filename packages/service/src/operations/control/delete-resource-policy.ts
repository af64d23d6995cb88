import { resolvePolicyKey } from '../key-identifier.ts';
import type { Operation } from '../operation.ts';

/** In whatever state the key is: a policy must not keep a key from being restored. Nothing changes when there is none. */
export const deleteResourcePolicy: Operation<'DeleteResourcePolicy'> = async ({ ResourceArn }, context) => {
  const { region, keyId } = await resolvePolicyKey(ResourceArn, context);
  await context.store.removeResourcePolicy(region, keyId);
  return {};
};
