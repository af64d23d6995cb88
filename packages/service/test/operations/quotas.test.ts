import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { EUROPE, newKey, WEST } from './regions.ts';
import { attributes, DAY, Service } from './service.ts';

const CREATE = { KeyAttributes: attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B'), Exportable: true };
const quotas = { keys: 2, aliases: 2 };

test('a region has as many keys as the quota says, deleted ones aside', async (t) => {
  const service = new Service(t);
  const limited = { quotas };
  const first = await service.call('CreateKey', CREATE, limited);
  await service.call('CreateKey', CREATE, limited);
  const { code, message } = await service.refusal(
    'CreateKey',
    { ...CREATE, Tags: [{ Key: 'a', Value: 'b' }] },
    limited,
  );
  assert.deepEqual(
    [code, message],
    [
      'ServiceQuotaExceededException',
      'The account may have at most 2 keys in region us-east-2: delete keys that are no longer needed, or raise KEYWRIGHT_QUOTA_KEYS.',
    ],
  );
  assert.equal(await service.count(), 2);
  await service.call('CreateKey', CREATE, { quotas, region: WEST });

  await service.call('DeleteKey', { KeyIdentifier: first.Key.KeyArn, DeleteKeyInDays: 3 });
  assert.equal((await service.refusal('CreateKey', CREATE, limited)).code, 'ServiceQuotaExceededException');
  service.time += 3 * DAY;
  await destroyDueKeys(service.context);
  await service.call('CreateKey', CREATE, limited);
});

test('the quota holds for requests that come at the same time', async (t) => {
  const service = new Service(t);
  const created = await Promise.allSettled(
    Array.from({ length: 6 }, () => service.call('CreateKey', CREATE, { quotas })),
  );
  assert.equal(created.filter(({ status }) => status === 'fulfilled').length, 2);
  assert.equal(await service.count(), 2);
});

test('imports are refused like new keys; replicas count where they are, and are not refused', async (t) => {
  const service = new Service(t);
  for (const region of [EUROPE, 'us-east-1', 'us-east-2'])
    await newKey(service, [WEST], true, { region, quotas });
  const west = (keys: number) => ({ region: WEST, quotas: { keys } });
  assert.equal((await service.refusal('CreateKey', CREATE, west(3))).code, 'ServiceQuotaExceededException');
  await service.call('CreateKey', CREATE, west(4));
  const hex = '0123456789ABCDEFFEDCBA9876543210';
  const key = { usage: 'TR31_P0_PIN_ENCRYPTION_KEY', algorithm: 'AES_128', mode: 'B', hex } as const;
  await assert.rejects(service.putKey(key, { quotas: { keys: 1 } }), {
    code: 'ServiceQuotaExceededException',
  });
});

test('a region has as many aliases as the quota says', async (t) => {
  const service = new Service(t);
  const limited = { quotas };
  await service.call('CreateAlias', { AliasName: 'alias/a' }, limited);
  await service.call('CreateAlias', { AliasName: 'alias/b' }, limited);
  const { code, message } = await service.refusal('CreateAlias', { AliasName: 'alias/c' }, limited);
  assert.equal(code, 'ServiceQuotaExceededException');
  assert.match(
    message,
    /^The account may have at most 2 aliases in region us-east-2: .*KEYWRIGHT_QUOTA_ALIASES\.$/,
  );
  assert.equal(
    (await service.refusal('CreateAlias', { AliasName: 'alias/a' }, limited)).code,
    'ConflictException',
  );
  await service.call('UpdateAlias', { AliasName: 'alias/a' }, limited);
  await service.call('DeleteAlias', { AliasName: 'alias/a' });
  await service.call('CreateAlias', { AliasName: 'alias/c' }, limited);
  await service.call('CreateAlias', { AliasName: 'alias/c' }, { quotas, region: WEST });
});
