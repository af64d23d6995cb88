import { checkState } from '../policy/lifecycle.ts';
import { arnOf, resolveKey } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** The id of the key that an alias is to point to; undefined for an alias without one. */
export async function aliasTarget(
  arn: string | undefined,
  operation: 'CreateAlias' | 'UpdateAlias',
  context: Context,
): Promise<string | undefined> {
  if (arn === undefined) return undefined;
  const record = await resolveKey(arn, context);
  checkState(record, arnOf(record, context), operation);
  return record.keyId;
}
