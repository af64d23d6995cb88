import { OPERATIONS, type OperationName } from '../api/operations.ts';
import { readActions } from './policy-actions.ts';
import { type Condition, readConditions } from './policy-condition.ts';
import { isObject, readObject, readTexts, refusal, shown } from './policy-elements.ts';
import { oneOf } from './wording.ts';

/** What a policy says of a request. */
export type PolicyEffect = 'deny' | 'allow' | undefined;

/** A statement of a resource policy. Its Resource is left out: a policy speaks of its own key only. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** `*`, account numbers, ARNs. */
  readonly principals: readonly string[];
  /** Operations by their names. */
  readonly actions: ReadonlySet<OperationName>;
  readonly conditions: readonly Condition[];
}

/** Operations that name no key, or on which a key's policy has no say: it must not be able to lock itself in. */
const WITHOUT_POLICY: ReadonlySet<OperationName> = new Set<OperationName>([
  'CreateKey',
  'ListKeys',
  'GetAlias',
  'DeleteAlias',
  'GetParametersForImport',
  'GetParametersForExport',
  'PutResourcePolicy',
  'GetResourcePolicy',
  'DeleteResourcePolicy',
  'AssociateMpaTeam',
  'DisassociateMpaTeam',
  'GetMpaTeamAssociation',
  'EnableDefaultKeyReplicationRegions',
  'DisableDefaultKeyReplicationRegions',
  'GetDefaultKeyReplicationRegions',
]);

/** The operations that a policy is evaluated for. */
export const POLICY_OPERATIONS: readonly OperationName[] = Array.from(
  OPERATIONS.values(),
  ({ name }) => name,
).filter((name) => !WITHOUT_POLICY.has(name));

const SCOPE = { among: POLICY_OPERATIONS, what: ' that names a key and heeds its policy' };
const DOCUMENT = ['Version', 'Id', 'Statement'];
const STATEMENT = ['Sid', 'Effect', 'Principal', 'Action', 'NotAction', 'Resource', 'Condition'];
const VERSIONS = ['2012-10-17', '2008-10-17'];
const PRINCIPAL =
  /^(?:\*|\d{12}|arn:aws:iam::\d{12}:(?:root|(?:user|role)\/[\w+=,.@/-]+)|arn:aws:sts::\d{12}:assumed-role\/[\w+=,.@/-]+)$/;

function readPrincipals(value: unknown, path: string): readonly string[] {
  if (value === '*') return ['*'];
  if (!isObject(value)) throw refusal(path, 'must be * or an object with the element AWS');
  const principals = readTexts(readObject(value, path, ['AWS']).AWS, `${path}.AWS`);
  const wrong = principals.find((principal) => !PRINCIPAL.test(principal));
  if (wrong === undefined) return principals;
  throw refusal(
    `${path}.AWS`,
    `has ${shown(wrong)}: use *, an account of 12 digits, or the ARN of an account's root, user or role`,
  );
}

function checkResource(value: unknown, path: string, arn: string): void {
  if (readTexts(value, path).every((resource) => resource === '*' || resource === arn)) return;
  throw refusal(path, `must be * or the key's own ARN, ${arn}`);
}

function readStatement(value: unknown, path: string, arn: string): Statement {
  const fields = readObject(value, path, STATEMENT);
  const { Sid, Effect, Principal, Resource, Condition: conditions } = fields;
  if (Sid !== undefined && typeof Sid !== 'string') throw refusal(`${path}.Sid`, 'must be a text');
  if (Effect !== 'Allow' && Effect !== 'Deny') throw refusal(`${path}.Effect`, 'must be Allow or Deny');
  checkResource(Resource, `${path}.Resource`, arn);
  return {
    effect: Effect,
    principals: readPrincipals(Principal, `${path}.Principal`),
    actions: readActions(fields, SCOPE, path),
    conditions: conditions === undefined ? [] : readConditions(conditions, `${path}.Condition`),
  };
}

/** Texts of a JSON document, those that name a member with the colon after them. */
const TEXTS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values = Object.values(value);
  const own = Array.isArray(value) ? 0 : values.length;
  return values.reduce((sum: number, each) => sum + membersIn(each), own);
}

/** Of a member that comes twice the first would be gone unseen, a Deny for one. @throws AwsException ValidationException */
function assertNoneTwice(text: string, document: unknown): void {
  const named = text.matchAll(TEXTS).filter(([, colon]) => colon !== undefined);
  if (named.toArray().length > membersIn(document)) throw refusal('Policy', 'must not have a member twice');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    return undefined;
  }
}

/** Reads the document around a policy's statements, each of them by `read`. @throws AwsException ValidationException */
export function readStatements<One>(text: string, read: (value: unknown, path: string) => One): One[] {
  const document = parse(text);
  if (!isObject(document)) throw refusal('Policy', 'must be one JSON object');
  const { Version, Id, Statement: found } = readObject(document, 'Policy', DOCUMENT);
  if (!VERSIONS.includes(Version as string)) throw refusal('Policy.Version', `must be ${oneOf(VERSIONS)}`);
  if (Id !== undefined && typeof Id !== 'string') throw refusal('Policy.Id', 'must be a text');
  const statements: unknown[] = Array.isArray(found) ? found : [found];
  if (found === undefined || statements.length === 0) {
    throw refusal('Policy.Statement', 'must be a statement, or a list of at least one');
  }
  const all = statements.map((statement, i) => read(statement, `Policy.Statement[${i}]`));
  assertNoneTwice(text, document);
  return all;
}

/**
 * Reads the policy document of a key.
 *
 * @param arn the key's
 * @throws AwsException ValidationException naming the element that is wrong or not supported
 */
export function readPolicy(text: string, arn: string): readonly Statement[] {
  return readStatements(text, (statement, path) => readStatement(statement, path, arn));
}
