import type { OperationName } from '../api/operations.ts';
import { matchesGlob } from './glob.ts';
import { type Fields, readTexts, refusal, shown } from './policy-elements.ts';

const ACTION = /^payment-cryptography:(.+)$/;

/** What a policy of some kind has a say in, and how a message says so. */
export interface Scope {
  readonly among: readonly OperationName[];
  /** ` that names a key` */
  readonly what?: string;
}

/** The operations that a pattern means; names of actions have no case. */
function operationsOf(pattern: string, { among, what = '' }: Scope, path: string): OperationName[] {
  const name = pattern === '*' ? '*' : ACTION.exec(pattern.toLowerCase())?.[1];
  if (name === undefined) throw refusal(path, 'must be * or begin with payment-cryptography:');
  const found = among.filter((operation) => matchesGlob(name, operation.toLowerCase()));
  if (found.length > 0) return found;
  throw refusal(path, `has ${shown(pattern)}, which is no operation${what}`);
}

/** Reads the element Action or NotAction of a statement. */
export function readActions(
  { Action, NotAction }: Fields,
  scope: Scope,
  path: string,
): ReadonlySet<OperationName> {
  if ((Action === undefined) === (NotAction === undefined)) {
    throw refusal(path, 'must have one of Action and NotAction');
  }
  const element = `${path}.${Action === undefined ? 'NotAction' : 'Action'}`;
  const named = new Set(
    readTexts(Action ?? NotAction, element).flatMap((pattern) => operationsOf(pattern, scope, element)),
  );
  return Action === undefined ? new Set(scope.among.filter((name) => !named.has(name))) : named;
}
