import { OPERATIONS, type OperationName } from '../api/operations.ts';
import type { PolicyRequest } from './condition-keys.ts';
import { matchesGlob } from './glob.ts';
import { readActions } from './policy-actions.ts';
import { type Condition, readConditions } from './policy-condition.ts';
import { type PolicyEffect, readStatements } from './policy-document.ts';
import { type Fields, readObject, readTexts, refusal, shown } from './policy-elements.ts';

/** A statement of the policy of an access key. */
interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: ReadonlySet<OperationName>;
  /** Is it one of the resources that the statement names? `*` is for all, also for what is no resource. */
  readonly names: readonly ((resource: string) => boolean)[];
  readonly conditions: readonly Condition[];
}

/** The policy of an access key, ready to be asked. */
export interface IdentityPolicy {
  /** `resource` is an ARN, or `*` for operations that have none. */
  decide(request: PolicyRequest, resource: string): PolicyEffect;
  /** Does a decision on the action depend on the key's tags, or on its aliases? Only then need they be read. */
  dependsOn(action: OperationName, what: 'tags' | 'aliases'): boolean;
}

const ALL_OPERATIONS: readonly OperationName[] = Array.from(OPERATIONS.values(), ({ name }) => name);
const STATEMENT = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'Condition'];
const RESOURCE = /^(?:\*|arn:[^:]+:payment-cryptography:[^:]*:[^:]*:.+)$/;
/** Characters; AWS's limit for the inline policies of a user. */
export const LONGEST_POLICY = 2048 * 3;

/** Most patterns end with their only wildcard, or have none: those need no search. */
function matcherOf(pattern: string): (resource: string) => boolean {
  const fixed = pattern.slice(0, -1);
  if (!/[*?]/.test(pattern)) return (resource) => resource === pattern;
  if (!/[*?]/.test(fixed) && pattern.endsWith('*')) return (resource) => resource.startsWith(fixed);
  return (resource) => matchesGlob(pattern, resource);
}

function readResources(value: unknown, path: string): Statement['names'] {
  const resources = readTexts(value, path);
  const wrong = resources.find((resource) => !RESOURCE.test(resource));
  if (wrong === undefined) return resources.map(matcherOf);
  throw refusal(
    path,
    `has ${shown(wrong)}: use * or ARNs as arn:aws:payment-cryptography:us-east-2:111122223333:key/*, with wildcards`,
  );
}

function readStatement(value: unknown, path: string): Statement {
  const fields: Fields = readObject(value, path, STATEMENT);
  const { Sid, Effect, Resource, Condition: conditions } = fields;
  if (Sid !== undefined && typeof Sid !== 'string') throw refusal(`${path}.Sid`, 'must be a text');
  if (Effect !== 'Allow' && Effect !== 'Deny') throw refusal(`${path}.Effect`, 'must be Allow or Deny');
  return {
    effect: Effect,
    actions: readActions(fields, { among: ALL_OPERATIONS }, path),
    names: readResources(Resource, `${path}.Resource`),
    conditions: conditions === undefined ? [] : readConditions(conditions, `${path}.Condition`),
  };
}

const DEPENDENCIES = { tags: /resourcetag\//, aliases: /resourcealiases$/ } as const;

function applies({ names, conditions }: Statement, request: PolicyRequest, resource: string): boolean {
  return (
    names.some((matches) => matches(resource)) && conditions.every((condition) => condition.holds(request))
  );
}

function sortByAction(statements: readonly Statement[]): ReadonlyMap<OperationName, readonly Statement[]> {
  // What denies comes first: it decides.
  const sorted = statements.toSorted((a, b) => Number(b.effect === 'Deny') - Number(a.effect === 'Deny'));
  return new Map(ALL_OPERATIONS.map((name) => [name, sorted.filter(({ actions }) => actions.has(name))]));
}

/**
 * Reads an identity-based policy: an explicit deny wins, and what nothing allows is denied.
 *
 * @throws AwsException ValidationException naming the element that is wrong or not supported
 */
export function readIdentityPolicy(text: string): IdentityPolicy {
  if (text.length > LONGEST_POLICY) throw refusal('Policy', `must have at most ${LONGEST_POLICY} characters`);
  const byAction = sortByAction(readStatements(text, readStatement));
  return {
    decide(request, resource) {
      const statement = byAction.get(request.action)!.find((one) => applies(one, request, resource));
      return statement && (statement.effect === 'Deny' ? 'deny' : 'allow');
    },
    dependsOn: (action, what) =>
      byAction
        .get(action)!
        .some(({ conditions }) => conditions.some(({ key }) => DEPENDENCIES[what].test(key))),
  };
}
