import type { KeyAttributes, Tag } from '../api/control-plane.generated.ts';
import type { OperationName } from '../api/operations.ts';
import { refusal, shown } from './policy-elements.ts';

/** What a policy is asked about. */
export interface PolicyRequest {
  /** The ARN of who asks, and the account that it belongs to. */
  readonly principalArn: string;
  readonly account: string;
  readonly region: string;
  readonly action: OperationName;
  /** The key's tags. */
  readonly tags: readonly Tag[];
  /** The tags that the request gives or takes. */
  readonly requestTags?: readonly Pick<Tag, 'Key' | 'Value'>[] | undefined;
  /** Of the key, or of the one that the request makes. */
  readonly attributes?: Partial<KeyAttributes> | undefined;
  /** By which the request names the key, and all that the key has; with their `alias/`. */
  readonly requestAlias?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
}

/** What a condition key's values are; the operators that compare them depend on it. */
export type Kind = 'text' | 'ARN' | 'Boolean';

/** A key that may have several values has a list of them: ForAllValues and ForAnyValue say how many must fit. */
export interface ConditionKey {
  readonly kind: Kind;
  readonly list?: true;
  readonly valueIn: (request: PolicyRequest) => string | readonly string[] | undefined;
}

/** By name in lower case: the names of condition keys have no case. */
const KEYS: Readonly<Record<string, ConditionKey>> = {
  'aws:principalarn': { kind: 'ARN', valueIn: ({ principalArn }) => principalArn },
  'aws:principalaccount': { kind: 'text', valueIn: ({ account }) => account },
  'aws:principaltype': { kind: 'text', valueIn: () => 'User' },
  'aws:principalisawsservice': { kind: 'Boolean', valueIn: () => 'false' },
  'aws:viaawsservice': { kind: 'Boolean', valueIn: () => 'false' },
  'aws:requestedregion': { kind: 'text', valueIn: ({ region }) => region },
  'aws:tagkeys': {
    kind: 'text',
    list: true,
    valueIn: ({ requestTags }) => requestTags?.map(({ Key }) => Key),
  },
  'payment-cryptography:keyusage': { kind: 'text', valueIn: ({ attributes }) => attributes?.KeyUsage },
  'payment-cryptography:keyclass': { kind: 'text', valueIn: ({ attributes }) => attributes?.KeyClass },
  'payment-cryptography:keyalgorithm': {
    kind: 'text',
    valueIn: ({ attributes }) => attributes?.KeyAlgorithm,
  },
  'payment-cryptography:requestalias': { kind: 'text', valueIn: ({ requestAlias }) => requestAlias },
  'payment-cryptography:resourcealiases': { kind: 'text', list: true, valueIn: ({ aliases }) => aliases },
};

const TAG = /^(?:(payment-cryptography|aws):resourcetag|aws:requesttag)\/(.+)$/;

const KEY_NAMES =
  'aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:PrincipalIsAWSService, aws:ViaAWSService, ' +
  'aws:RequestedRegion, aws:ResourceTag/…, payment-cryptography:ResourceTag/…, aws:RequestTag/…, aws:TagKeys, ' +
  'payment-cryptography:KeyUsage, …:KeyClass, …:KeyAlgorithm, …:RequestAlias or …:ResourceAliases';

function tagValue(tags: PolicyRequest['requestTags'], name: string): string | undefined {
  return tags?.find(({ Key }) => Key.toLowerCase() === name)?.Value;
}

/** @throws AwsException ValidationException when there is no such condition key; `path` is where the policy names it */
export function findConditionKey(name: string, path: string): ConditionKey {
  const key = name.toLowerCase();
  const [, ofResource, tag] = TAG.exec(key) ?? [];
  if (tag !== undefined) {
    const valueIn = ({ tags, requestTags }: PolicyRequest) => tagValue(ofResource ? tags : requestTags, tag);
    return { kind: 'text', valueIn };
  }
  if (Object.hasOwn(KEYS, key)) return KEYS[key]!;
  throw refusal(path, `has the condition key ${shown(name)}, which is not supported: use ${KEY_NAMES}`);
}
