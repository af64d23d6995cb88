import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { inRegion, newKey, WEST } from './regions.ts';
import { DAY, Service } from './service.ts';

const DENY = { Effect: 'Deny', Principal: '*', Action: 'payment-cryptography:DeleteKey', Resource: '*' };

function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

test('a policy is put, got as it was put, replaced, and deleted', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  const none = await service.refusal('GetResourcePolicy', { ResourceArn });
  assert.deepEqual([none.code, none.members], ['ResourceNotFoundException', { ResourceId: ResourceArn }]);

  const Policy = `{ "Version":"2012-10-17",\n\t"Id":"\u00FC", "Statement":[${JSON.stringify(DENY)}] }`;
  assert.deepEqual(await service.call('PutResourcePolicy', { ResourceArn, Policy }), { ResourceArn, Policy });
  assert.deepEqual(await service.call('GetResourcePolicy', { ResourceArn }), { ResourceArn, Policy });

  const other = policyOf({ ...DENY, Resource: ResourceArn });
  await service.call('PutResourcePolicy', { ResourceArn, Policy: other });
  assert.equal((await service.call('GetResourcePolicy', { ResourceArn })).Policy, other);

  assert.deepEqual(await service.call('DeleteResourcePolicy', { ResourceArn }), {});
  assert.equal(
    (await service.refusal('GetResourcePolicy', { ResourceArn })).code,
    'ResourceNotFoundException',
  );
});

test('to put or to delete a policy again changes nothing', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  const put = { ResourceArn, Policy: policyOf(DENY) };
  assert.deepEqual(
    await service.call('PutResourcePolicy', put),
    await service.call('PutResourcePolicy', put),
  );
  await service.call('DeleteResourcePolicy', { ResourceArn });
  assert.deepEqual(await service.call('DeleteResourcePolicy', { ResourceArn }), {});
});

test('a key that is not there, or of another account or region, has no policy', async (t) => {
  const service = new Service(t);
  const Policy = policyOf(DENY);
  for (const ResourceArn of [
    'arn:aws:payment-cryptography:us-east-2:111122223333:key/kwapwa6qaifllw2h',
    'arn:aws:payment-cryptography:us-east-2:999999999999:key/kwapwa6qaifllw2h',
    inRegion((await newKey(service)).KeyArn, WEST),
  ]) {
    const refusals = [
      await service.refusal('PutResourcePolicy', { ResourceArn, Policy }),
      await service.refusal('GetResourcePolicy', { ResourceArn }),
      await service.refusal('DeleteResourcePolicy', { ResourceArn }),
    ];
    for (const { code, members } of refusals) {
      assert.deepEqual([code, members], ['ResourceNotFoundException', { ResourceId: ResourceArn }]);
    }
  }
});

test('refused, and the policy that there was stays', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  await service.call('PutResourcePolicy', { ResourceArn, Policy: policyOf(DENY) });
  const cases: [policy: string, code: string, message: RegExp][] = [
    ['{', 'ValidationException', /^Policy must be one JSON object/],
    [
      policyOf({ ...DENY, Principals: '*' }),
      'ValidationException',
      /^Policy\.Statement\[0\] has the element/,
    ],
    [policyOf({ ...DENY, Effect: 'Allow' }), 'PublicPolicyException', /would open the key to everybody/],
    ['', 'ValidationException', /'policy' failed to satisfy constraint/],
    [' '.repeat(20481), 'ValidationException', /'policy' failed to satisfy constraint.*20480/],
    [`"\u20AC"`, 'ValidationException', /'policy' failed to satisfy constraint/],
  ];
  for (const [Policy, code, message] of cases) {
    const refused = await service.refusal('PutResourcePolicy', { ResourceArn, Policy });
    assert.equal(refused.code, code);
    assert.match(refused.message, message);
  }
  assert.equal((await service.call('GetResourcePolicy', { ResourceArn })).Policy, policyOf(DENY));
});

test('the longest policy is taken', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  const Policy = policyOf(DENY).padEnd(20480, ' ');
  await service.call('PutResourcePolicy', { ResourceArn, Policy });
  assert.equal((await service.call('GetResourcePolicy', { ResourceArn })).Policy, Policy);
});

test('a key that is to be deleted takes no policy, but gives its own up, so that it can be restored', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  const Policy = policyOf({ ...DENY, Action: 'payment-cryptography:RestoreKey' });
  await service.call('PutResourcePolicy', { ResourceArn, Policy });
  await service.call('DeleteKey', { KeyIdentifier: ResourceArn });
  const { code, message } = await service.refusal('PutResourcePolicy', { ResourceArn, Policy });
  assert.equal(code, 'ConflictException');
  assert.match(message, /is in state DELETE_PENDING: PutResourcePolicy needs a key in state CREATE_COMPLETE/);
  const restore = { KeyIdentifier: ResourceArn };
  assert.equal((await service.refusal('RestoreKey', restore)).code, 'AccessDeniedException');
  await service.call('DeleteResourcePolicy', { ResourceArn });
  assert.equal((await service.call('RestoreKey', restore)).Key.KeyState, 'CREATE_COMPLETE');
});

test('a key is destroyed on its day whatever its policy says', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service)).KeyArn;
  await service.call('PutResourcePolicy', {
    ResourceArn,
    Policy: policyOf({ ...DENY, NotAction: 'payment-cryptography:DeleteKey', Action: undefined }),
  });
  await service.call('DeleteKey', { KeyIdentifier: ResourceArn });
  service.time += 7 * DAY;
  assert.equal(await destroyDueKeys(service.context), 1);
});

test('replicas have no policy: neither one of their own, nor the primary’s', async (t) => {
  const service = new Service(t);
  const ResourceArn = (await newKey(service, [WEST])).KeyArn;
  const replica = inRegion(ResourceArn, WEST);
  const west = { region: WEST };
  const Policy = policyOf({ ...DENY, Action: '*' });
  const { code } = await service.refusal('PutResourcePolicy', { ResourceArn: replica, Policy }, west);
  assert.equal(code, 'ConflictException');
  await service.call('PutResourcePolicy', { ResourceArn, Policy });
  assert.equal((await service.call('GetKey', { KeyIdentifier: replica }, west)).Key.KeyArn, replica);
});
