import { type AwsException, notFound } from '../api/exceptions.ts';
import { onceFor, remembered } from '../memo.ts';
import type { KeyRecord } from '../store/records/key.ts';
import { checkIdentity, checkKeyIdentity, checkPolicy } from './check-policy.ts';
import type { Context } from './operation.ts';

const prefixesOf = remembered((account: string) =>
  remembered((region: string) => `arn:aws:payment-cryptography:${region}:${account}:`),
);

function arnPrefix(account: string, region: string): string {
  return prefixesOf(account)(region);
}

export function keyArn(account: string, region: string, keyId: string): string {
  return `${arnPrefix(account, region)}key/${keyId}`;
}

const arnsOf = remembered((account: string) =>
  onceFor(({ region, keyId }: KeyRecord) => keyArn(account, region, keyId)),
);

/** The ARN of a stored key. */
export function arnOf(record: KeyRecord, { account }: Context): string {
  return arnsOf(account)(record);
}

/** `key/…` or `alias/…`; only what is of this account and region is there. */
function ownResource(identifier: string, { account, region }: Context): string {
  const prefix = arnPrefix(account, region);
  return identifier.startsWith(prefix) ? identifier.slice(prefix.length) : identifier;
}

/** What an identifier names. */
interface Named {
  readonly record: KeyRecord | undefined;
  /** The alias that it names the key by, if it does. */
  readonly alias?: string | undefined;
}

async function find(identifier: string, context: Context): Promise<Named> {
  const { store, region } = context;
  const resource = ownResource(identifier, context);
  const alias = resource.startsWith('key/') ? undefined : resource;
  const keyId =
    alias === undefined ? resource.slice('key/'.length) : (await store.findAlias(region, alias))?.keyId;
  const record = keyId === undefined ? undefined : await store.findKey(region, keyId);
  if (record) context.noteKey(arnOf(record, context));
  return { record, alias };
}

/**
 * Finds the key of a key ARN, alias name or alias ARN, whatever policies say.
 *
 * @throws AwsException ResourceNotFoundException when there is none, or the alias has no key
 */
export async function findNamedKey(identifier: string, context: Context): Promise<KeyRecord> {
  const { record } = await find(identifier, context);
  if (record === undefined) throw notFound(identifier);
  return record;
}

/** An identifier as the ARN that policies know. */
function arnNamed(identifier: string, context: Context): string {
  return identifier.startsWith('arn:') ? identifier : arnPrefix(context.account, context.region) + identifier;
}

/** Whoever may not ask about any key of that name is not told that there is none. */
function notThere(identifier: string, context: Context): AwsException {
  checkIdentity(arnNamed(identifier, context), context);
  return notFound(identifier);
}

/**
 * Finds the key of a key ARN, alias name or alias ARN, for the operation that names it. The one place where the policies of the
 * caller and of the key are evaluated.
 *
 * @throws AwsException ResourceNotFoundException when there is none, or the alias has no key; AccessDeniedException when a policy
 * denies the caller this operation, or none allows it
 */
export async function resolveKey(identifier: string, context: Context): Promise<KeyRecord> {
  const { record, alias } = await find(identifier, context);
  if (record === undefined) throw notThere(identifier, context);
  await checkPolicy(record, arnOf(record, context), context, alias);
  return record;
}

/** As `resolveKey`, for the operations on the key's policy itself, in which that has no say. */
export async function resolvePolicyKey(identifier: string, context: Context): Promise<KeyRecord> {
  const { record, alias } = await find(identifier, context);
  if (record === undefined) throw notThere(identifier, context);
  await checkKeyIdentity(record, arnOf(record, context), context, alias);
  return record;
}

/** The ARN of an alias of this account and region. */
export function aliasArn(aliasName: string, { account, region }: Context): string {
  return arnPrefix(account, region) + aliasName;
}
