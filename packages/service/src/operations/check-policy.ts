import { AwsException } from '../api/exceptions.ts';
import type { PolicyRequest } from '../policy/condition-keys.ts';
import { type PolicyEffect, readPolicy } from '../policy/policy-document.ts';
import { resourceVerdict } from '../policy/resource-policy.ts';
import { MOST_TAGS } from '../policy/tags.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { Context } from './operation.ts';

/** Many more aliases of one key than anybody has. */
const MOST_ALIASES = 1000;

const WHY: Readonly<Record<'identity' | 'resource', string>> = {
  identity: 'with an explicit deny in an identity-based policy',
  resource: 'with an explicit deny in a resource-based policy',
};

/** AWS's words for a request that a policy denies, or none allows. */
export function notAllowed(
  { caller, action }: Pick<Context, 'caller' | 'action'>,
  resource?: string,
  denied?: keyof typeof WHY,
): AwsException {
  const what = `payment-cryptography:${action}`;
  const where = resource === undefined || resource === '*' ? '' : ` on resource: ${resource}`;
  const why = denied ? WHY[denied] : `because no identity-based policy allows the ${what} action`;
  return new AwsException(
    'AccessDeniedException',
    `User: ${caller} is not authorized to perform: ${what}${where} ${why}`,
  );
}

function requestOf({ caller, account, region, action, asked }: Context): PolicyRequest {
  return { principalArn: caller, account, region, action, tags: [], ...asked };
}

/**
 * Asks the policy of the caller's access key about what is no key: an alias, or `*` for what is nothing at all.
 *
 * @throws AwsException AccessDeniedException
 */
export function checkIdentity(resource: string, context: Context): void {
  if (context.identity === undefined) return;
  const verdict = context.identity.decide(requestOf(context), resource);
  if (verdict !== 'allow') throw notAllowed(context, resource, verdict === 'deny' ? 'identity' : undefined);
}

/** What policies ask about a key; what has to be read from the store for it is read only where a policy needs it. */
async function requestAbout(
  { region, keyId, attributes }: KeyRecord,
  requestAlias: string | undefined,
  hasPolicy: boolean,
  context: Context,
): Promise<PolicyRequest> {
  const { identity, action, store } = context;
  const needs = (what: 'tags' | 'aliases') => hasPolicy || identity?.dependsOn(action, what);
  const tags = needs('tags') ? await store.listTags(region, keyId, { limit: MOST_TAGS }) : [];
  const aliases = needs('aliases') ? await store.listAliases(region, { keyId }, { limit: MOST_ALIASES }) : [];
  const names = aliases.map(({ aliasName }) => aliasName);
  return { ...requestOf(context), attributes, tags, aliases: names, requestAlias };
}

/** Within an account either policy may allow, and either deny. */
function combine(
  identity: PolicyEffect,
  resource: PolicyEffect,
): 'identity' | 'resource' | 'none' | undefined {
  if (identity === 'deny') return 'identity';
  if (resource === 'deny') return 'resource';
  return identity === 'allow' || resource === 'allow' ? undefined : 'none';
}

/**
 * Asks the policy of the caller's access key, if it has one, and the key's resource policy, if it has one. Who has no policy, the
 * administrator, may do everything that no resource policy denies.
 *
 * @param requestAlias the alias by which the request names the key
 * @throws AwsException AccessDeniedException
 */
export async function checkPolicy(
  record: KeyRecord,
  arn: string,
  context: Context,
  requestAlias?: string,
): Promise<void> {
  const policy = await context.store.findResourcePolicy(record.region, record.keyId);
  if (policy === undefined && context.identity === undefined) return;
  const request = await requestAbout(record, requestAlias, policy !== undefined, context);
  const identity = context.identity ? context.identity.decide(request, arn) : 'allow';
  const resource = policy === undefined ? undefined : resourceVerdict(readPolicy(policy, arn), request);
  const refused = combine(identity, resource);
  if (refused !== undefined) throw notAllowed(context, arn, refused === 'none' ? undefined : refused);
}

/** As `checkPolicy`, where the key's resource policy has no say: for the operations on that policy itself. */
export async function checkKeyIdentity(
  record: KeyRecord,
  arn: string,
  context: Context,
  requestAlias?: string,
): Promise<void> {
  if (context.identity === undefined) return;
  const verdict = context.identity.decide(await requestAbout(record, requestAlias, false, context), arn);
  if (verdict !== 'allow') throw notAllowed(context, arn, verdict === 'deny' ? 'identity' : undefined);
}
