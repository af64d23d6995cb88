// As AWS evaluates identity-based policies: IAM User Guide, "Policy evaluation logic", and the service's authorization reference.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRequest } from '../../src/policy/condition-keys.ts';
import { readIdentityPolicy } from '../../src/policy/identity-policy.ts';
import { refusal } from './refusal.ts';

const KEY = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
const REQUEST: PolicyRequest = {
  principalArn: 'arn:aws:iam::111122223333:user/switch',
  account: '111122223333',
  region: 'us-east-2',
  action: 'ExportKey',
  tags: [{ Key: 'Stage', Value: 'production' }],
  attributes: { KeyUsage: 'TR31_P0_PIN_ENCRYPTION_KEY', KeyClass: 'SYMMETRIC_KEY', KeyAlgorithm: 'AES_128' },
  requestAlias: 'alias/pek',
  aliases: ['alias/pek', 'alias/old'],
  requestTags: [
    { Key: 'team', Value: 'cards' },
    { Key: 'cost', Value: '7' },
  ],
};
const ALLOW = { Effect: 'Allow', Action: 'payment-cryptography:ExportKey', Resource: '*' };

function decide(statements: object[], request: Partial<PolicyRequest> = {}, resource = KEY) {
  const policy = readIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return policy.decide({ ...REQUEST, ...request }, resource);
}

test('what nothing allows is not allowed, and a deny wins in whatever order', () => {
  assert.equal(decide([ALLOW]), 'allow');
  assert.equal(decide([ALLOW], { action: 'DeleteKey' }), undefined);
  const deny = { ...ALLOW, Effect: 'Deny' };
  assert.equal(decide([deny]), 'deny');
  assert.equal(decide([ALLOW, deny]), 'deny');
  assert.equal(decide([deny, ALLOW]), 'deny');
});

test('actions with wildcards, in any case, and their opposite', () => {
  for (const Action of [
    '*',
    'payment-cryptography:*',
    'payment-cryptography:export*',
    'PAYMENT-CRYPTOGRAPHY:E?portKey',
  ]) {
    assert.equal(decide([{ ...ALLOW, Action }]), 'allow', Action);
  }
  const { Action: _, ...others } = ALLOW;
  assert.equal(decide([{ ...others, NotAction: 'payment-cryptography:ExportKey' }]), undefined);
  assert.equal(decide([{ ...others, NotAction: 'payment-cryptography:Delete*' }]), 'allow');
});

test('resources with wildcards; what is no resource is met by * only', () => {
  const allowed = (Resource: string | string[], resource = KEY) =>
    decide([{ ...ALLOW, Resource }], {}, resource);
  assert.equal(allowed(KEY), 'allow');
  assert.equal(allowed('arn:aws:payment-cryptography:*:111122223333:key/*'), 'allow');
  assert.equal(allowed('arn:aws:payment-cryptography:*:111122223333:alias/*'), undefined);
  assert.equal(allowed(['arn:aws:payment-cryptography:eu-west-1:*:key/*', `${KEY.slice(0, -1)}?`]), 'allow');
  assert.equal(allowed('*', '*'), 'allow');
  assert.equal(allowed('arn:aws:payment-cryptography:*:*:key/*', '*'), undefined);
});

const CONDITIONS: [object, boolean][] = [
  [{ StringEquals: { 'aws:ResourceTag/stage': 'production' } }, true],
  [{ StringEquals: { 'payment-cryptography:ResourceTag/Stage': 'test' } }, false],
  [{ StringEquals: { 'aws:ResourceTag/owner': 'a' } }, false],
  [{ StringEqualsIfExists: { 'aws:ResourceTag/owner': 'a' } }, true],
  [{ StringEquals: { 'aws:RequestTag/team': ['ops', 'cards'] } }, true],
  [{ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, false],
  [{ StringLike: { 'payment-cryptography:KeyUsage': 'TR31_P*' } }, true],
  [{ StringNotLike: { 'payment-cryptography:KeyUsage': 'TR31_P*' } }, false],
  [
    { StringEquals: { 'payment-cryptography:KeyAlgorithm': 'AES_128' }, Null: { 'aws:TagKeys': 'false' } },
    true,
  ],
  [{ StringEquals: { 'payment-cryptography:RequestAlias': 'alias/pek' } }, true],
  [{ 'ForAnyValue:StringLike': { 'payment-cryptography:ResourceAliases': 'alias/o*' } }, true],
  [{ 'ForAllValues:StringLike': { 'payment-cryptography:ResourceAliases': 'alias/o*' } }, false],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost', 'more'] } }, true],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }, false],
  [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team'] } }, true],
  [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['team', 'cost'] } }, false],
];

for (const [Condition, holds] of CONDITIONS) {
  test(`${JSON.stringify(Condition)} ${holds ? 'holds' : 'does not hold'}`, () => {
    assert.equal(decide([{ ...ALLOW, Condition }]), holds ? 'allow' : undefined);
  });
}

test('of no values all fit, and none does', () => {
  const none = { requestTags: undefined };
  const all = { ...ALLOW, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } };
  const any = { ...ALLOW, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } } };
  assert.deepEqual([decide([all], none), decide([any], none)], ['allow', undefined]);
});

test('tags and aliases are asked for only where a statement on the action needs them', () => {
  const Condition = { StringEquals: { 'aws:ResourceTag/stage': 'test' } };
  const Statement = [ALLOW, { ...ALLOW, Action: 'payment-cryptography:Get*', Condition }];
  const policy = readIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement }));
  assert.deepEqual(
    [
      policy.dependsOn('ExportKey', 'tags'),
      policy.dependsOn('GetKey', 'tags'),
      policy.dependsOn('GetKey', 'aliases'),
    ],
    [false, true, false],
  );
});

test('what is not supported, or could mean nothing, is refused', () => {
  const cases: [object, RegExp][] = [
    [{ Resource: undefined }, /Resource/],
    [{ Resource: 'arn:aws:s3:::bucket' }, /Policy\.Statement\[0\]\.Resource has/],
    [{ Resource: 'key/*' }, /use \* or ARNs/],
    [{ Action: 's3:GetObject' }, /must be \* or begin with payment-cryptography:/],
    [{ Action: 'payment-cryptography:Exprot*' }, /is no operation/],
    [{ Principal: '*' }, /'Principal', which is not supported/],
    [{ Effect: 'allow' }, /must be Allow or Deny/],
    [{ Condition: { NumericEquals: { 'aws:TagKeys': '1' } } }, /is no condition operator/],
  ];
  for (const [change, message] of cases) {
    assert.match(
      refusal(() => decide([{ ...ALLOW, ...change }])),
      message,
    );
  }
  assert.match(
    refusal(() => readIdentityPolicy(' '.repeat(7000))),
    /at most 6144 characters/,
  );
});
