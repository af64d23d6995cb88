// A policy that denies everything, on the key that each operation names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsException } from '../../src/api/exceptions.ts';
import type { Plane } from '../../src/api/model.ts';
import { OPERATIONS, type OperationName } from '../../src/api/operations.ts';
import { validateInput } from '../../src/api/validate.ts';
import { controlOperations } from '../../src/operations/control/index.ts';
import { dataOperations } from '../../src/operations/data/index.ts';
import type { Context } from '../../src/operations/operation.ts';
import { POLICY_OPERATIONS } from '../../src/policy/policy-document.ts';
import { MOST_CHOICES, sample } from '../api/sample.ts';
import { ADMINISTRATOR, attributes, Service } from './service.ts';

type AnyOperation = (input: unknown, context: Context) => Promise<unknown>;

const BUILT = { ...controlOperations, ...dataOperations } as Partial<Record<OperationName, AnyOperation>>;
const DENY_ALL = {
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' },
};
const SAMPLE_ARN = 'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h';
/** The names of members that name a key; an alias comes first among the samples of what may be either. */
const NAMES_KEY = /(?:Key|Pek|Private|Public)\w*Identifier$|^KeyArn$|^ResourceArn$/;

/** Members of inputs that are checked before any key is looked for. */
const CHECKED_FIRST: Record<string, unknown> = {
  ReplicationRegions: ['us-west-2'],
  Tags: [{ Key: 'a', Value: 'b' }],
};

/** Members that bring a key of their own. */
const LEFT_OUT = /WrappedKey$|^IncomingAs2805Attributes$/;

/** An input with all of its members but those, every key in it being the one of `arn`. */
function inputNaming(
  arn: string,
  { plane, input }: { plane: Plane; input: string },
  choice: number,
): unknown {
  const fill = (value: unknown, name: string): unknown => {
    if (Object.hasOwn(CHECKED_FIRST, name)) return CHECKED_FIRST[name];
    if (typeof value === 'string') return NAMES_KEY.test(name) || value === SAMPLE_ARN ? arn : value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([member]) => !LEFT_OUT.test(member))
        .map(([member, inner]) => [member, fill(inner, member)]),
    );
  };
  return fill(sample(plane, input, choice), '');
}

/** Everything that is stored of the key. */
async function stored({ context: { store, region } }: Service, keyId: string): Promise<unknown> {
  const page = { limit: 1000 };
  return {
    keys: await store.listKeys(region, {}, page),
    aliases: await store.listAliases(region, {}, page),
    tags: await store.listTags(region, keyId, page),
    policy: await store.findResourcePolicy(region, keyId),
  };
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof AwsException ? `${error.code}: ${error.message}` : String(error)),
  );
}

async function newKey(service: Service): Promise<string> {
  const KeyAttributes = attributes('TR31_K0_KEY_ENCRYPTION_KEY', 'AES_256', 'B');
  return (await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key.KeyArn;
}

for (const name of POLICY_OPERATIONS.filter((operation) => BUILT[operation])) {
  test(`${name} is denied by the policy of the key that it names, and changes nothing`, async (t) => {
    const service = new Service(t);
    const arn = await newKey(service);
    await service.call('CreateAlias', { AliasName: 'alias/denied', KeyArn: arn });
    await service.call('CreateAlias', { AliasName: 'alias/sample2', KeyArn: arn });
    await service.call('PutResourcePolicy', { ResourceArn: arn, Policy: JSON.stringify(DENY_ALL) });
    const before = await stored(service, arn.split('/')[1]!);
    const outcomes = new Set<string>();
    for (let choice = 0; choice < MOST_CHOICES; choice += 1) {
      const input = validateInput(name, inputNaming(arn, OPERATIONS.get(name)!, choice));
      outcomes.add(await codeOf(BUILT[name]!(input, { ...service.context, action: name })));
    }
    // A choice of a union may be refused for itself, before any key is looked for; no choice may go through.
    assert.ok(!outcomes.has('no refusal'), [...outcomes].join('\n'));
    const denial = `User: ${ADMINISTRATOR} is not authorized to perform: payment-cryptography:${name} on resource: ${arn} with an explicit deny in a resource-based policy`;
    assert.ok(outcomes.has(`AccessDeniedException: ${denial}`), [...outcomes].join('\n'));
    assert.deepEqual(await stored(service, arn.split('/')[1]!), before);
  });
}

test('every other built operation names no key, or works on the policy itself', () => {
  const others = Object.keys(BUILT).filter((name) => !POLICY_OPERATIONS.includes(name as OperationName));
  const plainly = [
    'CreateKey',
    'ListKeys',
    'GetAlias',
    'DeleteAlias',
    'GetParametersForImport',
    'GetParametersForExport',
  ];
  const aside = /ResourcePolicy$|MpaTeam|DefaultKeyReplicationRegions$/;
  assert.deepEqual(
    others.filter((name) => !plainly.includes(name) && !aside.test(name)),
    [],
  );
});

test('the policy of the second key of a request is asked too', async (t) => {
  const service = new Service(t);
  const [kek, key] = [await newKey(service), await newKey(service)];
  await service.call('PutResourcePolicy', { ResourceArn: kek, Policy: JSON.stringify(DENY_ALL) });
  const { code, message } = await service.refusal('ExportKey', {
    ExportKeyIdentifier: key,
    KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek } },
  });
  assert.equal(code, 'AccessDeniedException');
  assert.ok(message.includes(`on resource: ${kek} `));
});

test('a key that is named by its alias is asked for its policy', async (t) => {
  const service = new Service(t);
  const arn = await newKey(service);
  await service.call('CreateAlias', { AliasName: 'alias/kek', KeyArn: arn });
  await service.call('PutResourcePolicy', { ResourceArn: arn, Policy: JSON.stringify(DENY_ALL) });
  const { code } = await service.refusal('GetKey', { KeyIdentifier: 'alias/kek' });
  assert.equal(code, 'AccessDeniedException');
  // The alias itself is no key.
  assert.equal((await service.call('GetAlias', { AliasName: 'alias/kek' })).Alias.KeyArn, arn);
});

test('operations that the policy does not name, and other keys, go on', async (t) => {
  const service = new Service(t);
  const [arn, other] = [await newKey(service), await newKey(service)];
  const Action = ['payment-cryptography:Export*', 'payment-cryptography:deletekey'];
  const Policy = JSON.stringify({ ...DENY_ALL, Statement: { ...DENY_ALL.Statement, Action } });
  await service.call('PutResourcePolicy', { ResourceArn: arn, Policy });
  await service.call('GetKey', { KeyIdentifier: arn });
  await service.call('StopKeyUsage', { KeyIdentifier: arn });
  assert.equal((await service.refusal('DeleteKey', { KeyIdentifier: arn })).code, 'AccessDeniedException');
  await service.call('DeleteKey', { KeyIdentifier: other });
});

test('the tags of the key decide', async (t) => {
  const service = new Service(t);
  const ResourceArn = await newKey(service);
  const Condition = { StringEquals: { 'payment-cryptography:ResourceTag/stage': 'production' } };
  const Policy = JSON.stringify({ ...DENY_ALL, Statement: { ...DENY_ALL.Statement, Condition } });
  await service.call('PutResourcePolicy', { ResourceArn, Policy });
  await service.call('GetKey', { KeyIdentifier: ResourceArn });
  await service.call('TagResource', { ResourceArn, Tags: [{ Key: 'stage', Value: 'production' }] });
  assert.equal(
    (await service.refusal('GetKey', { KeyIdentifier: ResourceArn })).code,
    'AccessDeniedException',
  );
});
