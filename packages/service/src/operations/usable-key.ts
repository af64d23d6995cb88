import { type AllowedKeys, checkKeyUse, type Unusable } from '../policy/key-use.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { arnOf, resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';

/**
 * Finds the key that a request names, and checks that it may do what is asked of it.
 *
 * @param unusable how to say that it is disabled or being deleted
 * @throws AwsException when there is no such key, or its policy, state, usage, algorithm or modes of use do not allow it
 */
export async function findUsableKey(
  identifier: string,
  allowed: AllowedKeys,
  context: Context,
  unusable?: Unusable,
): Promise<KeyRecord> {
  const record = await resolveKey(identifier, context);
  checkKeyUse(record, arnOf(record, context), allowed, unusable);
  return record;
}
