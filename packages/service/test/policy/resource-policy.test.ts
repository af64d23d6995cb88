import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AwsException } from '../../src/api/exceptions.ts';
import type { PolicyRequest } from '../../src/policy/condition-keys.ts';
import { POLICY_OPERATIONS, readPolicy } from '../../src/policy/policy-document.ts';
import { checkNotPublic, resourceVerdict } from '../../src/policy/resource-policy.ts';

const KEY = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
const USER = 'arn:aws:iam::111122223333:user/administrator';
const REQUEST: PolicyRequest = {
  principalArn: USER,
  account: '111122223333',
  region: 'us-east-2',
  action: 'ExportKey',
  tags: [
    { Key: 'stage', Value: 'production' },
    { Key: 'Owner', Value: 'acquiring' },
  ],
};
const DENY = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' };

function policyOf(...statements: object[]) {
  return readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), KEY);
}

function denies(statement: object, request: Partial<PolicyRequest> = {}): boolean {
  return resourceVerdict(policyOf({ ...DENY, ...statement }), { ...REQUEST, ...request }) === 'deny';
}

function refusal(run: () => unknown): [code: string, message: string] {
  try {
    run();
  } catch (error) {
    if (error instanceof AwsException) return [error.code, error.message];
    throw error;
  }
  return ['none', 'not refused'];
}

describe('Effect', () => {
  test('only Deny denies, and no Allow takes it back', () => {
    assert.equal(denies({}), true);
    assert.equal(denies({ Effect: 'Allow' }), false);
    const allow = { ...DENY, Effect: 'Allow' };
    for (const statements of [
      [allow, DENY],
      [DENY, allow],
    ]) {
      assert.equal(resourceVerdict(policyOf(...statements), REQUEST), 'deny');
    }
  });

  test('an Allow for somebody else denies nothing to callers of the account', () => {
    const Principal = { AWS: 'arn:aws:iam::999999999999:root' };
    assert.notEqual(resourceVerdict(policyOf({ ...DENY, Effect: 'Allow', Principal }), REQUEST), 'deny');
  });
});

describe('a member that comes twice', () => {
  const deny = JSON.stringify([DENY]);
  const [open, version] = ['{"Version":"2012-10-17",', '"Version":"2012-10-17"'];
  const twice = [
    `${open}"Statement":${deny},"Statement":${deny}}`,
    `${open}${version},"Statement":${deny}}`,
    `${open}"Statement":[{"Effect":"Deny","Effect" : "Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
    `${open}"Statement":[{"Effect":"Deny","\\u0045ffect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
  ];
  for (const text of twice) {
    test(`refused: ${text.slice(24, 70)}`, () => {
      const [code, message] = refusal(() => readPolicy(text, KEY));
      assert.deepEqual([code, /twice/.test(message)], ['ValidationException', true]);
    });
  }

  test('texts that look like members are none', () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/a": "b': ['x":', '\\":', '{"Effect": "Deny"}'] } };
    const [, message] = refusal(() => policyOf({ ...DENY, Sid: 'a":"b"', Condition }));
    assert.doesNotMatch(message, /twice/);
    assert.equal(policyOf({ ...DENY, Sid: 'a' }, { ...DENY, Sid: 'b' }).length, 2);
  });
});

const PRINCIPALS: [principal: unknown, denied: boolean][] = [
  ['*', true],
  [{ AWS: '*' }, true],
  [{ AWS: USER }, true],
  [{ AWS: [`${USER}2`, USER] }, true],
  [{ AWS: '111122223333' }, true],
  [{ AWS: 'arn:aws:iam::111122223333:root' }, true],
  [{ AWS: '999999999999' }, false],
  [{ AWS: 'arn:aws:iam::999999999999:root' }, false],
  [{ AWS: 'arn:aws:iam::999999999999:user/administrator' }, false],
  [{ AWS: 'arn:aws:iam::111122223333:user/Administrator' }, false],
  [{ AWS: 'arn:aws:iam::111122223333:role/administrator' }, false],
  [{ AWS: 'arn:aws:sts::111122223333:assumed-role/a/administrator' }, false],
];

describe('Principal', () => {
  for (const [Principal, denied] of PRINCIPALS) {
    test(`${JSON.stringify(Principal)} is ${denied ? '' : 'not '}the caller`, () => {
      assert.equal(denies({ Principal }), denied);
    });
  }
});

const ACTIONS: [actions: object, denied: boolean][] = [
  [{ Action: '*' }, true],
  [{ Action: 'payment-cryptography:*' }, true],
  [{ Action: 'payment-cryptography:ExportKey' }, true],
  [{ Action: 'Payment-Cryptography:exportKEY' }, true],
  [{ Action: 'payment-cryptography:Export*' }, true],
  [{ Action: 'payment-cryptography:?xportKey' }, true],
  [{ Action: ['payment-cryptography:GetKey', 'payment-cryptography:ExportKey'] }, true],
  [{ Action: 'payment-cryptography:ImportKey' }, false],
  [{ Action: 'payment-cryptography:*Data' }, false],
  [{ Action: undefined, NotAction: 'payment-cryptography:GetKey' }, true],
  [{ Action: undefined, NotAction: 'payment-cryptography:*Key' }, false],
  [
    { Action: undefined, NotAction: ['payment-cryptography:GetKey', 'payment-cryptography:ExportKey'] },
    false,
  ],
  [{ Action: undefined, NotAction: '*' }, false],
];

describe('Action and NotAction', () => {
  for (const [actions, denied] of ACTIONS) {
    test(`${JSON.stringify(actions)} ${denied ? 'mean' : 'do not mean'} ExportKey`, () => {
      assert.equal(denies(actions), denied);
    });
  }

  test('* means every operation that heeds policies, of both planes', () => {
    for (const action of POLICY_OPERATIONS) assert.equal(denies({}, { action }), true);
    assert.equal(POLICY_OPERATIONS.length, 32 + 15 - 15);
  });

  test('a policy has no say on the operations on policies', () => {
    for (const action of ['PutResourcePolicy', 'GetResourcePolicy', 'DeleteResourcePolicy'] as const) {
      assert.equal(denies({}, { action }), false);
      assert.equal(
        denies({ Action: undefined, NotAction: 'payment-cryptography:GetKey' }, { action }),
        false,
      );
    }
  });
});

test('Resource is * or the key itself', () => {
  for (const Resource of ['*', KEY, ['*', KEY], [KEY]]) assert.equal(denies({ Resource }), true);
});

const ARN = 'aws:PrincipalArn';
const STAGE = 'payment-cryptography:ResourceTag/stage';
const CONDITIONS: [condition: object, holds: boolean][] = [
  [{}, true],
  [{ StringEquals: { 'aws:RequestedRegion': 'us-east-2' } }, true],
  [{ StringEquals: { 'AWS:requestedregion': ['eu-west-1', 'us-east-2'] } }, true],
  [{ StringEquals: { 'aws:RequestedRegion': 'us-east-*' } }, false],
  [{ StringEquals: { 'aws:RequestedRegion': 'US-EAST-2' } }, false],
  [{ StringEqualsIgnoreCase: { 'aws:RequestedRegion': 'US-EAST-2' } }, true],
  [{ StringNotEquals: { 'aws:RequestedRegion': 'us-east-2' } }, false],
  [{ StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', 'us-east-2'] } }, false],
  [{ StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] } }, true],
  [{ StringNotEqualsIgnoreCase: { 'aws:RequestedRegion': 'US-EAST-2' } }, false],
  [{ StringLike: { 'aws:RequestedRegion': 'us-*-?' } }, true],
  [{ StringLike: { 'aws:RequestedRegion': 'eu-*' } }, false],
  [{ StringNotLike: { 'aws:RequestedRegion': 'us-*' } }, false],
  [{ StringNotLike: { 'aws:RequestedRegion': 'eu-*' } }, true],
  [{ StringEquals: { [ARN]: USER } }, true],
  [{ StringLike: { [ARN]: 'arn:aws:iam::111122223333:*' } }, true],
  [{ ArnEquals: { [ARN]: USER } }, true],
  [{ ArnLike: { [ARN]: 'arn:aws:iam::*:user/admin*' } }, true],
  [{ ArnLike: { [ARN]: 'arn:aws:iam:?:*:user/administrator' } }, false],
  [{ ArnNotLike: { [ARN]: 'arn:aws:iam::111122223333:user/*' } }, false],
  [{ ArnNotEquals: { [ARN]: 'arn:aws:iam::111122223333:user/somebody' } }, true],
  [{ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }, true],
  [{ StringEquals: { 'aws:PrincipalType': 'User' } }, true],
  [{ Bool: { 'aws:ViaAWSService': 'false' } }, true],
  [{ Bool: { 'aws:PrincipalIsAWSService': true } }, false],
  [{ StringEquals: { [STAGE]: 'production' } }, true],
  [{ StringEquals: { 'aws:ResourceTag/owner': 'acquiring' } }, true],
  [{ StringEquals: { [STAGE]: 'test' } }, false],
  // A key that the request does not have.
  [{ StringEquals: { 'aws:ResourceTag/none': 'a' } }, false],
  [{ StringNotEquals: { 'aws:ResourceTag/none': 'a' } }, true],
  [{ StringEqualsIfExists: { 'aws:ResourceTag/none': 'a' } }, true],
  [{ StringEqualsIfExists: { [STAGE]: 'test' } }, false],
  [{ StringNotEqualsIfExists: { [STAGE]: 'production' } }, false],
  [{ Null: { 'aws:ResourceTag/none': 'true' } }, true],
  [{ Null: { 'aws:ResourceTag/none': false } }, false],
  [{ Null: { [STAGE]: 'true' } }, false],
  [{ Null: { [STAGE]: 'False' } }, true],
  // All of several conditions.
  [{ StringEquals: { 'aws:RequestedRegion': 'us-east-2', [STAGE]: 'production' } }, true],
  [{ StringEquals: { 'aws:RequestedRegion': 'us-east-2', [STAGE]: 'test' } }, false],
  [{ StringEquals: { 'aws:RequestedRegion': 'us-east-2' }, StringNotLike: { [STAGE]: 'prod*' } }, false],
];

describe('Condition', () => {
  for (const [Condition, holds] of CONDITIONS) {
    test(`${JSON.stringify(Condition)} ${holds ? 'holds' : 'does not hold'}`, () => {
      assert.equal(denies({ Condition }), holds);
    });
  }
});

const WRONG: [document: unknown, message: RegExp][] = [
  [undefined, /^Policy must be one JSON object\.$/],
  [[], /^Policy must be one JSON object/],
  [{ Statement: DENY }, /^Policy\.Version must be 2012-10-17 or 2008-10-17\.$/],
  [{ Version: '2012-10-18', Statement: DENY }, /^Policy\.Version/],
  [{ Version: '2012-10-17' }, /^Policy\.Statement must be a statement, or a list of at least one/],
  [{ Version: '2012-10-17', Statement: [] }, /^Policy\.Statement/],
  [{ Version: '2012-10-17', Statement: DENY, Id: 1 }, /^Policy\.Id must be a text/],
  [
    { Version: '2012-10-17', Statement: DENY, Extra: 1 },
    /^Policy has the element 'Extra', which is not supported: use Version, Id or Statement/,
  ],
  [{ Version: '2012-10-17', Statement: [DENY, 'Deny'] }, /^Policy\.Statement\[1\] must be an object/],
];

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text that policies have for a variable
const VARIABLE = '${aws:username}';

const WRONG_STATEMENTS: [statement: object, message: RegExp][] = [
  [{ Effect: 'deny' }, /^Policy\.Statement\[0\]\.Effect must be Allow or Deny\.$/],
  [{ Effect: undefined }, /Effect must be Allow or Deny/],
  [{ Sid: 7 }, /Sid must be a text/],
  [{ Principal: undefined }, /\.Principal must be \* or an object with the element AWS/],
  [{ Principal: USER }, /\.Principal must be \*/],
  [{ Principal: {} }, /\.Principal\.AWS must be a text/],
  [
    { Principal: { Service: 's3.amazonaws.com' } },
    /\.Principal has the element 'Service', which is not supported/,
  ],
  [{ Principal: { AWS: [] } }, /\.Principal\.AWS must have at least one value/],
  [{ Principal: { AWS: 'somebody' } }, /\.Principal\.AWS has 'somebody': use \*, an account of 12 digits/],
  [{ Principal: { AWS: 'arn:aws:iam::111122223333:user/*' } }, /\.Principal\.AWS has/],
  [{ Principal: undefined, NotPrincipal: '*' }, /has the element 'NotPrincipal', which is not supported/],
  [{ NotResource: '*' }, /has the element 'NotResource', which is not supported/],
  [{ Action: undefined }, /must have one of Action and NotAction/],
  [{ NotAction: '*' }, /must have one of Action and NotAction/],
  [{ Action: [] }, /\.Action must have at least one value/],
  [{ Action: 7 }, /\.Action must be a text/],
  [{ Action: '' }, /\.Action must be a text of at least one character/],
  [{ Action: 'ExportKey' }, /\.Action must be \* or begin with payment-cryptography:/],
  [{ Action: 'kms:Decrypt' }, /\.Action must be \* or begin/],
  [{ Action: 'payment-*' }, /\.Action must be \* or begin/],
  [
    { Action: 'payment-cryptography:ExportKeys' },
    /\.Action has 'payment-cryptography:ExportKeys', which is no operation/,
  ],
  [
    { Action: 'payment-cryptography:DeleteResourcePolicy' },
    /which is no operation that names a key and heeds its policy/,
  ],
  [{ Action: 'payment-cryptography:CreateKey' }, /which is no operation that names a key/],
  [{ Action: undefined, NotAction: 'payment-cryptography:Exprot*' }, /\.NotAction has/],
  [{ Resource: undefined }, /\.Resource must be a text/],
  [{ Resource: `${KEY.slice(0, -1)}i` }, /\.Resource must be \* or the key's own ARN, arn:aws:/],
  [{ Resource: 'arn:aws:payment-cryptography:*' }, /\.Resource must be \*/],
  [{ Condition: [] }, /\.Condition must be an object/],
  [{ Condition: { StringEquals: 'a' } }, /\.Condition\.StringEquals must be an object of condition keys/],
  [{ Condition: { StringEquals: {} } }, /\.Condition\.StringEquals must be an object of condition keys/],
  [
    { Condition: { StringSame: { [ARN]: 'a' } } },
    /\.Condition\.StringSame is no condition operator that is supported: use StringEquals, /,
  ],
  [
    { Condition: { 'ForAllValues:StringLike': { [ARN]: 'a' } } },
    /is not for aws:PrincipalArn, which has one value/,
  ],
  [{ Condition: { NullIfExists: { [ARN]: 'true' } } }, /NullIfExists is no condition operator/],
  [{ Condition: { constructor: { [ARN]: 'true' } } }, /constructor is no condition operator/],
  [
    { Condition: { StringEquals: { 'aws:SourceIp': '10.0.0.1' } } },
    /has the condition key 'aws:SourceIp', which is not supported: use aws:PrincipalArn, /,
  ],
  [
    { Condition: { StringEquals: { 'aws:TagKeys': 'a' } } },
    /is not for aws:TagKeys, which has several values/,
  ],
  [{ Condition: { StringEquals: { 'aws:SourceIp': 'a' } } }, /condition key 'aws:SourceIp'/],
  [{ Condition: { StringEquals: { 'payment-cryptography:ResourceTag/': 'a' } } }, /condition key/],
  [{ Condition: { StringEquals: { toString: 'a' } } }, /condition key 'toString'/],
  [
    { Condition: { StringEquals: { [ARN]: [] } } },
    /StringEquals\.aws:PrincipalArn must have at least one value/,
  ],
  [{ Condition: { StringEquals: { [ARN]: 7 } } }, /StringEquals\.aws:PrincipalArn must be a text/],
  [{ Condition: { StringEquals: { [ARN]: VARIABLE } } }, /has a policy variable/],
  [
    { Condition: { ArnLike: { 'aws:RequestedRegion': USER } } },
    /ArnLike is not for aws:RequestedRegion, which is no ARN/,
  ],
  [{ Condition: { ArnLike: { [ARN]: '*' } } }, /ArnLike\.aws:PrincipalArn must be an ARN of six parts/],
  [{ Condition: { Bool: { [ARN]: 'true' } } }, /Bool is not for aws:PrincipalArn, which is no Boolean/],
  [{ Condition: { Bool: { 'aws:ViaAWSService': 'yes' } } }, /must be true or false/],
  [{ Condition: { Null: { [ARN]: 'no' } } }, /must be true or false/],
];

describe('refused', () => {
  const wrong = (document: unknown) =>
    refusal(() => readPolicy(document === undefined ? '{"Version"' : JSON.stringify(document), KEY));
  for (const [document, message] of WRONG) {
    test(`${JSON.stringify(document)}`, () => {
      const [code, said] = wrong(document);
      assert.equal(code, 'ValidationException');
      assert.match(said, message);
    });
  }
  for (const [statement, message] of WRONG_STATEMENTS) {
    test(`a statement with ${JSON.stringify(statement)}`, () => {
      const [code, said] = wrong({ Version: '2012-10-17', Statement: { ...DENY, ...statement } });
      assert.equal(code, 'ValidationException');
      assert.match(said, message);
    });
  }

  test('and a name that could be a key is not shown', () => {
    const key = '0123456789ABCDEFFEDCBA9876543210';
    for (const statement of [
      { [key]: 1 },
      { Action: `payment-cryptography:${key}` },
      { Principal: { AWS: key } },
      { Condition: { [key]: { [ARN]: 'a' } } },
      { Condition: { StringEquals: { [key]: 'a' } } },
    ]) {
      const [, said] = wrong({ Version: '2012-10-17', Statement: { ...DENY, ...statement } });
      assert.ok(!said.includes(key), said);
    }
  });
});

describe('a public policy', () => {
  const ALLOW = { ...DENY, Effect: 'Allow' };
  const code = (statement: object) =>
    refusal(() => checkNotPublic(policyOf(DENY, { ...ALLOW, ...statement })))[0];
  const when = (Condition: object) => code({ Condition });

  test('allows everybody, without a condition that names accounts', () => {
    assert.equal(code({}), 'PublicPolicyException');
    assert.equal(code({ Principal: { AWS: '*' } }), 'PublicPolicyException');
    assert.equal(code({ Principal: { AWS: [USER, '*'] } }), 'PublicPolicyException');
    for (const condition of [
      { StringEquals: { 'aws:RequestedRegion': 'us-east-2' } },
      { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } },
      { StringEqualsIfExists: { 'aws:PrincipalAccount': '111122223333' } },
      { StringLike: { 'aws:PrincipalAccount': '1111*' } },
      { StringLike: { [ARN]: '*' } },
      { StringEquals: { [ARN]: [USER, '*'] } },
      { ArnLike: { [ARN]: 'arn:aws:iam::*:user/administrator' } },
      { ArnNotLike: { [ARN]: USER } },
      { Null: { [ARN]: 'false' } },
      { Null: { 'aws:PrincipalAccount': 'false' } },
    ]) {
      assert.equal(when(condition), 'PublicPolicyException', JSON.stringify(condition));
    }
  });

  test('names its statement', () => {
    const [, message] = refusal(() => checkNotPublic(policyOf(DENY, ALLOW)));
    assert.match(message, /^Policy\.Statement\[1\] would open the key to everybody: /);
  });

  test('is none where principals or accounts are named, and none that only denies', () => {
    assert.equal(code({ Principal: { AWS: '999999999999' } }), 'none');
    assert.equal(refusal(() => checkNotPublic(policyOf(DENY)))[0], 'none');
    for (const condition of [
      { StringEquals: { 'aws:PrincipalAccount': ['111122223333', '999999999999'] } },
      { ArnLike: { [ARN]: 'arn:aws:iam::111122223333:*' } },
      { StringLike: { [ARN]: 'arn:aws:sts::111122223333:assumed-role/*' } },
      { StringNotEquals: { [STAGE]: 'test' }, StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
    ]) {
      assert.equal(when(condition), 'none', JSON.stringify(condition));
    }
  });
});
