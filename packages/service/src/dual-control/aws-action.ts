import type { ExportKeyInput, ImportKeyInput } from '../api/control-plane.generated.ts';
import { HIDDEN } from '../api/failure.ts';
import { mapTexts } from '../api/map-texts.ts';
import { OPERATIONS, type OperationName } from '../api/operations.ts';
import { keyArn, resolveKey } from '../operations/key-identifier.ts';
import type { Context } from '../operations/operation.ts';
import type { KeyRecord } from '../store/records/key.ts';
import type { GuardedAction } from './guard.ts';
import type { ShownKey } from './request.ts';

/** Shapes of the model whose texts name a key that is there. */
const KEY_SHAPES: ReadonlySet<string> = new Set(['KeyArnOrKeyAliasType', 'KeyArn', 'ResourceArn']);
/** Sensitive in AWS's model, and written for those who decide. */
const COMMENT = 'MpaRequesterComment';

const MOST_ALIASES = 20;
/** What can't be told of an input counts as whatever a rule asks for. */
const UNKNOWN = ['?'];

/** A key with the member of the input that names it. */
interface NamedKey {
  readonly member: string;
  readonly record: KeyRecord;
}

/** The keys that an input names, each of which the caller may use for this. @throws AwsException */
async function namedKeys(name: OperationName, input: unknown, context: Context): Promise<NamedKey[]> {
  const { plane, input: shape } = OPERATIONS.get(name)!;
  const names: [string, string][] = [];
  mapTexts(plane, shape, input, (text, _shape, shapeName, path) => {
    if (KEY_SHAPES.has(shapeName)) names.push([path, text]);
  });
  const keys: NamedKey[] = [];
  for (const [member, identifier] of names) {
    keys.push({ member, record: await resolveKey(identifier, context) });
  }
  return keys;
}

function redacted(name: OperationName, input: unknown): unknown {
  const { plane, input: shape } = OPERATIONS.get(name)!;
  return mapTexts(plane, shape, input, (text, { sensitive }, shapeName) =>
    sensitive && shapeName !== COMMENT ? HIDDEN.slice(1, -1) : text,
  );
}

/** The usage in the header of a key block (X9.143, 6.1, bytes 5 and 6); the block's MAC binds it. */
function usageOfBlock({ WrappedKeyBlock }: { readonly WrappedKeyBlock: string }): string[] {
  return [`TR31_${WrappedKeyBlock.slice(5, 7)}`];
}

/** What the key that comes in is for, as far as the request says. */
function incomingUsages({ KeyMaterial: material }: ImportKeyInput): readonly string[] {
  const block = material.Tr31KeyBlock ?? material.DiffieHellmanTr31KeyBlock;
  if (block) return usageOfBlock(block);
  const given =
    material.KeyCryptogram ?? material.RootCertificatePublicKey ?? material.TrustedCertificatePublicKey;
  return given ? [given.KeyAttributes.KeyUsage] : UNKNOWN;
}

function usagesOf(name: OperationName, input: unknown, keys: readonly NamedKey[]): readonly string[] {
  if (name === 'ImportKey') return incomingUsages(input as ImportKeyInput);
  const moved = name === 'ExportKey' ? keys.filter(({ member }) => member === 'ExportKeyIdentifier') : keys;
  return moved.map(({ record }) => record.attributes.KeyUsage);
}

function materialOf(input: unknown): string | undefined {
  const { KeyMaterial } = input as Partial<ImportKeyInput | ExportKeyInput>;
  return KeyMaterial && Object.keys(KeyMaterial)[0];
}

/** A key as those who decide see it. `member` is what names it in the input. */
export async function showKey(
  { member, record }: NamedKey,
  context: Pick<Context, 'account' | 'store'>,
): Promise<ShownKey> {
  const { region, keyId, attributes, checkValue, state } = record;
  const aliases = await context.store.listAliases(region, { keyId }, { limit: MOST_ALIASES });
  return {
    member,
    arn: keyArn(context.account, region, keyId),
    usage: attributes.KeyUsage,
    algorithm: attributes.KeyAlgorithm,
    checkValue,
    state,
    aliases: aliases.map(({ aliasName }) => aliasName),
  };
}

/**
 * An operation of AWS's as an action that others may have to approve, with the keys that it names as they are now.
 *
 * @throws AwsException when a key is not there, or a policy does not let the caller use it for this
 */
export async function awsAction(
  name: OperationName,
  input: unknown,
  context: Context,
): Promise<GuardedAction> {
  const keys = await namedKeys(name, input, context);
  return {
    name,
    usages: usagesOf(name, input, keys),
    material: materialOf(input),
    input,
    shownInput: redacted(name, input),
    keys: await Promise.all(keys.map((key) => showKey(key, context))),
  };
}
