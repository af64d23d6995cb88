import { notFound } from '../api/exceptions.ts';
import type { KeyRecord } from '../store/store.ts';
import { checkIdentity, checkKeyIdentity, checkPolicy } from './check-policy.ts';
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
 * Finds the key of a key ARN, alias name or alias ARN, whatever policies say.
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

/** The alias by which an identifier names a key, if it is one. */
function aliasIn(identifier: string, context: Context): string | undefined {
  const resource = ownResource(identifier, context);
  return resource.startsWith('alias/') ? resource : undefined;
}

/** An identifier as the ARN that policies know. */
function arnNamed(identifier: string, context: Context): string {
  return identifier.startsWith('arn:') ? identifier : arnPrefix(context.account, context.region) + identifier;
}

/** Whoever may not ask about any key of that name is not told that there is none. */
async function findAllowedKey(identifier: string, context: Context): Promise<KeyRecord> {
  try {
    return await findNamedKey(identifier, context);
  } catch (error) {
    checkIdentity(arnNamed(identifier, context), context);
    throw error;
  }
}

/**
 * Finds the key of a key ARN, alias name or alias ARN, for the operation that names it. The one place where the policies of the
 * caller and of the key are evaluated.
 *
 * @throws AwsException ResourceNotFoundException when there is none, or the alias has no key; AccessDeniedException when a policy
 * denies the caller this operation, or none allows it
 */
export async function resolveKey(identifier: string, context: Context): Promise<KeyRecord> {
  const record = await findAllowedKey(identifier, context);
  await checkPolicy(record, arnOf(record, context), context, aliasIn(identifier, context));
  return record;
}

/** As `resolveKey`, for the operations on the key's policy itself, in which that has no say. */
export async function resolvePolicyKey(identifier: string, context: Context): Promise<KeyRecord> {
  const record = await findAllowedKey(identifier, context);
  await checkKeyIdentity(record, arnOf(record, context), context, aliasIn(identifier, context));
  return record;
}

/** The ARN of an alias of this account and region. */
export function aliasArn(aliasName: string, { account, region }: Context): string {
  return arnPrefix(account, region) + aliasName;
}
