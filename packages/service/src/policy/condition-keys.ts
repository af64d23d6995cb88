import type { Tag } from '../api/control-plane.generated.ts';
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
}

/** What a condition key's values are; the operators that compare them depend on it. */
export type Kind = 'text' | 'ARN' | 'Boolean';

export interface ConditionKey {
  readonly kind: Kind;
  readonly valueIn: (request: PolicyRequest) => string | undefined;
}

/** By name in lower case: the names of condition keys have no case. */
const KEYS: Readonly<Record<string, ConditionKey>> = {
  'aws:principalarn': { kind: 'ARN', valueIn: ({ principalArn }) => principalArn },
  'aws:principalaccount': { kind: 'text', valueIn: ({ account }) => account },
  'aws:principaltype': { kind: 'text', valueIn: () => 'User' },
  'aws:principalisawsservice': { kind: 'Boolean', valueIn: () => 'false' },
  'aws:viaawsservice': { kind: 'Boolean', valueIn: () => 'false' },
  'aws:requestedregion': { kind: 'text', valueIn: ({ region }) => region },
};

const RESOURCE_TAG = /^(?:payment-cryptography|aws):resourcetag\/(.+)$/;

const KEY_NAMES =
  'aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:PrincipalIsAWSService, aws:ViaAWSService, ' +
  'aws:RequestedRegion, aws:ResourceTag/… or payment-cryptography:ResourceTag/…';

/** @throws AwsException ValidationException when there is no such condition key; `path` is where the policy names it */
export function findConditionKey(name: string, path: string): ConditionKey {
  const key = name.toLowerCase();
  const tag = RESOURCE_TAG.exec(key)?.[1];
  if (tag !== undefined) {
    const valueIn = ({ tags }: PolicyRequest) => tags.find(({ Key }) => Key.toLowerCase() === tag)?.Value;
    return { kind: 'text', valueIn };
  }
  if (Object.hasOwn(KEYS, key)) return KEYS[key]!;
  throw refusal(path, `has the condition key ${shown(name)}, which is not supported: use ${KEY_NAMES}`);
}
