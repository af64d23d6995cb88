import { notFound } from '../api/exceptions.ts';
import type { KeyRecord } from '../store/store.ts';
import { checkPolicy } from './check-policy.ts';
import type { Context } from './operation.ts';

function arnPrefix(account: string, region: string): string {
  return `arn:aws:payment-cryptography:${region}:${account}:`;
}

export function keyArn(account: string, region: string, keyId: string): string {
  return `${arnPrefix(account, region)}key/${keyId}`;
}

/** The ARN of a stored key. */
export function arnOf(record: KeyRecord, { account }: Context): string {
  return keyArn(account, record.region, record.keyId);
}

/** `key/…` or `alias/…`; only what is of this account and region is there. */
function ownResource(identifier: string, { account, region }: Context): string {
  const prefix = arnPrefix(account, region);
  return identifier.startsWith(prefix) ? identifier.slice(prefix.length) : identifier;
}

async function keyIdOf(identifier: string, context: Context): Promise<string | undefined> {
  const resource = ownResource(identifier, context);
  if (resource.startsWith('key/')) return resource.slice('key/'.length);
  return (await context.store.findAlias(context.region, resource))?.keyId;
}

/**
 * Finds the key of a key ARN, alias name or alias ARN, whatever its policy says: for the operations on the policy itself.
 *
 * @throws AwsException ResourceNotFoundException when there is none, or the alias has no key
 */
export async function findNamedKey(identifier: string, context: Context): Promise<KeyRecord> {
  const keyId = await keyIdOf(identifier, context);
  const record = keyId === undefined ? undefined : await context.store.findKey(context.region, keyId);
  if (record === undefined) throw notFound(identifier);
  context.noteKey(arnOf(record, context));
  return record;
}

/**
 * Finds the key of a key ARN, alias name or alias ARN, for the operation that names it. The one place where the key's resource
 * policy is evaluated.
 *
 * @throws AwsException ResourceNotFoundException when there is none, or the alias has no key; AccessDeniedException when the
 * key's policy denies the caller this operation
 */
export async function resolveKey(identifier: string, context: Context): Promise<KeyRecord> {
  const record = await findNamedKey(identifier, context);
  await checkPolicy(record, arnOf(record, context), context);
  return record;
}
