import { type ConditionKey, findConditionKey, type Kind, type PolicyRequest } from './condition-keys.ts';
import { matchesGlob } from './glob.ts';
import { type Fields, isObject, readTexts, refusal, shown } from './policy-elements.ts';
import { oneOf } from './wording.ts';

interface Operator {
  readonly kind: Kind;
  readonly negated: boolean;
  readonly matches: (actual: string, wanted: string) => boolean;
}

const equal = (actual: string, wanted: string) => actual === wanted;
const equalInAnyCase = (actual: string, wanted: string) => actual.toLowerCase() === wanted.toLowerCase();
const like = (actual: string, wanted: string) => matchesGlob(wanted, actual);

const ARN_PARTS = 6;

/** The six parts of an ARN; the last one may hold colons itself. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')];
}

/** Part by part, so that no wildcard runs over a colon of the first five. */
function arnLike(actual: string, wanted: string): boolean {
  const parts = arnParts(actual);
  return arnParts(wanted).every((pattern, i) => matchesGlob(pattern, parts[i]!));
}

/** Each with `IfExists` and with `ForAllValues:` or `ForAnyValue:` too, and `Null` besides. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { kind: 'text', negated: false, matches: equal },
  StringNotEquals: { kind: 'text', negated: true, matches: equal },
  StringEqualsIgnoreCase: { kind: 'text', negated: false, matches: equalInAnyCase },
  StringNotEqualsIgnoreCase: { kind: 'text', negated: true, matches: equalInAnyCase },
  StringLike: { kind: 'text', negated: false, matches: like },
  StringNotLike: { kind: 'text', negated: true, matches: like },
  ArnEquals: { kind: 'ARN', negated: false, matches: arnLike },
  ArnLike: { kind: 'ARN', negated: false, matches: arnLike },
  ArnNotEquals: { kind: 'ARN', negated: true, matches: arnLike },
  ArnNotLike: { kind: 'ARN', negated: true, matches: arnLike },
  Bool: { kind: 'Boolean', negated: false, matches: equalInAnyCase },
};

/** One condition key of a statement, and what it is to be. */
export interface Condition {
  /** In lower case. */
  readonly key: string;
  readonly values: readonly string[];
  /** Does the condition hold only where the value is one of `values`? */
  readonly positive: boolean;
  holds(request: PolicyRequest): boolean;
}

const TRUTH = ['true', 'false'];

function readTruths(value: unknown, path: string): readonly string[] {
  const texts = readTexts(typeof value === 'boolean' ? String(value) : value, path);
  if (texts.every((text) => TRUTH.includes(text.toLowerCase()))) return texts;
  throw refusal(path, 'must be true or false');
}

function readArns(value: unknown, path: string): readonly string[] {
  const texts = readTexts(value, path);
  if (texts.every((text) => text.split(':').length >= ARN_PARTS)) return texts;
  throw refusal(path, 'must be an ARN of six parts; each of them may have wildcards');
}

const READERS: Readonly<Record<Kind, typeof readTexts>> = {
  text: readTexts,
  ARN: readArns,
  Boolean: readTruths,
};

function nullCondition(name: string, value: unknown, path: string): Condition {
  const { valueIn } = findConditionKey(name, path);
  const values = readTruths(value, `${path}.${name}`);
  const absent = values.map((text) => text.toLowerCase() === 'true');
  const holds = (request: PolicyRequest) => absent.includes(valueIn(request) === undefined);
  return { key: name.toLowerCase(), values, positive: false, holds };
}

/** How many of a key's several values must fit. */
type Quantifier = 'every' | 'some';
const QUANTIFIERS: Readonly<Record<string, Quantifier>> = { ForAllValues: 'every', ForAnyValue: 'some' };

function checkFit(
  name: string,
  { kind, list }: ConditionKey,
  operator: Operator,
  many: boolean,
  path: string,
) {
  if (operator.kind !== 'text' && operator.kind !== kind)
    throw refusal(path, `is not for ${name}, which is no ${operator.kind}`);
  if (list && !many)
    throw refusal(path, `is not for ${name}, which has several values: use ForAllValues: or ForAnyValue:`);
  if (!list && many)
    throw refusal(
      path,
      `is not for ${name}, which has one value: leave the ForAllValues: or ForAnyValue: out`,
    );
}

interface Comparison {
  readonly operator: Operator;
  readonly ifExists: boolean;
  readonly quantifier: Quantifier | undefined;
}

function comparison(
  { operator, ifExists, quantifier }: Comparison,
  [name, value]: readonly [string, unknown],
  path: string,
): Condition {
  const { negated, matches, kind } = operator;
  const key = findConditionKey(name, path);
  checkFit(name, key, operator, quantifier !== undefined, path);
  const values = READERS[kind](value, `${path}.${name}`);
  const fits = (actual: string) => values.some((wanted) => matches(actual, wanted)) !== negated;
  const holds = (request: PolicyRequest) => {
    const actual = key.valueIn(request);
    if (quantifier !== undefined) return (actual === undefined ? [] : [actual].flat())[quantifier](fits);
    if (actual === undefined) return ifExists || negated;
    return fits(actual as string);
  };
  return {
    key: name.toLowerCase(),
    values,
    positive: !negated && !ifExists && quantifier !== 'every',
    holds,
  };
}

/** `ForAnyValue:StringLikeIfExists` in its parts; undefined when there is no such operator. */
function findComparison(name: string): Comparison | undefined {
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  if (!Object.hasOwn(OPERATORS, base)) return undefined;
  const quantifier = set === undefined ? undefined : QUANTIFIERS[set];
  return { operator: OPERATORS[base]!, ifExists: ifExists !== undefined, quantifier };
}

function readOperator(name: string, fields: Fields, path: string): Condition[] {
  const entries = Object.entries(fields);
  if (name === 'Null') return entries.map(([key, value]) => nullCondition(key, value, path));
  const found = findComparison(name);
  if (found !== undefined) return entries.map((entry) => comparison(found, entry, path));
  const supported = oneOf([...Object.keys(OPERATORS), 'Null']);
  throw refusal(path, `is no condition operator that is supported: use ${supported}`);
}

/** Reads the Condition element: all of its conditions must hold. */
export function readConditions(value: unknown, path: string): Condition[] {
  if (!isObject(value)) throw refusal(path, 'must be an object');
  return Object.entries(value).flatMap(([name, fields]) => {
    const place = `${path}.${shown(name).slice(1, -1)}`;
    if (!isObject(fields) || Object.keys(fields).length === 0) {
      throw refusal(place, 'must be an object of condition keys');
    }
    return readOperator(name, fields, place);
  });
}
