import type { KeyAttributes, Tag } from '../api/control-plane.generated.ts';
import type { OperationName } from '../api/operations.ts';
import { checkIdentity } from './check-policy.ts';
import { aliasArn } from './key-identifier.ts';
import type { Context } from './operation.ts';

/** Operations on an alias; the key that they may name besides is asked about where it is found. */
const ON_ALIASES: ReadonlySet<OperationName> = new Set<OperationName>([
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
  'GetAlias',
]);

/** Operations on no key that there is yet, or on none at all. */
const ON_NOTHING: ReadonlySet<OperationName> = new Set<OperationName>([
  'CreateKey',
  'ImportKey',
  'ListKeys',
  'ListAliases',
  'GetParametersForImport',
  'GetParametersForExport',
  'AssociateMpaTeam',
  'DisassociateMpaTeam',
  'GetMpaTeamAssociation',
  'EnableDefaultKeyReplicationRegions',
  'DisableDefaultKeyReplicationRegions',
  'GetDefaultKeyReplicationRegions',
]);

/** The members of inputs that policies ask about. */
interface Asked {
  readonly AliasName?: string;
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
  readonly KeyAttributes?: KeyAttributes;
  readonly KeyMaterial?: Readonly<Record<string, { readonly KeyAttributes?: KeyAttributes }>>;
}

/** What the request itself says that policies ask about: tags that it gives or takes, attributes of the key that it makes. */
export function askedOf(input: unknown): Context['asked'] {
  const { Tags, TagKeys, KeyAttributes, KeyMaterial } = input as Asked;
  const taken = TagKeys?.map((Key) => ({ Key, Value: '' }));
  const made = KeyAttributes ?? Object.values(KeyMaterial ?? {})[0]?.KeyAttributes;
  return { requestTags: Tags ?? taken, attributes: made };
}

/**
 * Asks the policy of the caller's access key, for the operations whose resource is not found as a key is.
 *
 * @throws AwsException AccessDeniedException
 */
export function askIdentity(input: unknown, context: Context): void {
  if (ON_ALIASES.has(context.action)) checkIdentity(aliasArn((input as Asked).AliasName!, context), context);
  if (ON_NOTHING.has(context.action)) checkIdentity('*', context);
}
