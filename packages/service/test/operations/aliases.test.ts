import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { attributes, DAY, Service } from './service.ts';

async function newKey(service: Service): Promise<string> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  return (await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key.KeyArn;
}

test('an alias names a key, another key, no key, and is gone', async (t) => {
  const service = new Service(t);
  const [first, second] = [await newKey(service), await newKey(service)];
  const AliasName = 'alias/terminals/PEK_1';
  const pointing = (KeyArn?: string) => ({
    Alias: KeyArn === undefined ? { AliasName } : { AliasName, KeyArn },
  });
  assert.deepEqual(await service.call('CreateAlias', { AliasName, KeyArn: first }), pointing(first));
  assert.deepEqual(await service.call('GetAlias', { AliasName }), pointing(first));
  assert.deepEqual(await service.call('UpdateAlias', { AliasName, KeyArn: second }), pointing(second));
  assert.equal((await service.call('GetKey', { KeyIdentifier: AliasName })).Key.KeyArn, second);
  const aliasArn = `arn:aws:payment-cryptography:us-east-2:111122223333:${AliasName}`;
  assert.equal((await service.call('GetKey', { KeyIdentifier: aliasArn })).Key.KeyArn, second);
  assert.deepEqual(await service.call('UpdateAlias', { AliasName }), pointing());
  assert.deepEqual(await service.call('GetAlias', { AliasName }), pointing());
  assert.deepEqual(await service.call('DeleteAlias', { AliasName }), {});
  for (const operation of ['GetAlias', 'UpdateAlias', 'DeleteAlias'] as const) {
    const { code, members } = await service.refusal(operation, { AliasName });
    assert.deepEqual([code, members], ['ResourceNotFoundException', { ResourceId: AliasName }]);
  }
});

test('an alias may be made without a key', async (t) => {
  const service = new Service(t);
  const created = await service.call('CreateAlias', { AliasName: 'alias/free' });
  assert.deepEqual(created, { Alias: { AliasName: 'alias/free' } });
});

test('a name is taken once; upper and lower case are different names', async (t) => {
  const service = new Service(t);
  const KeyArn = await newKey(service);
  await service.call('CreateAlias', { AliasName: 'alias/a', KeyArn });
  await service.call('CreateAlias', { AliasName: 'alias/A' });
  const { code, message } = await service.refusal('CreateAlias', { AliasName: 'alias/a' });
  assert.equal(code, 'ConflictException');
  assert.equal(message, 'alias/a exists already: choose another name, or use UpdateAlias.');
  assert.equal((await service.call('GetAlias', { AliasName: 'alias/a' })).Alias.KeyArn, KeyArn);
});

test('keys that are not there are not found, under the name that was asked for', async (t) => {
  const service = new Service(t);
  const KeyArn = await newKey(service);
  await service.call('CreateAlias', { AliasName: 'alias/a', KeyArn });
  await service.call('CreateAlias', { AliasName: 'alias/free' });
  const missing = [
    'alias/free',
    'alias/none',
    'arn:aws:payment-cryptography:us-east-2:111122223333:alias/none',
    'arn:aws:payment-cryptography:us-west-2:111122223333:alias/a',
    'arn:aws:payment-cryptography:us-east-2:444455556666:alias/a',
    KeyArn.replace('us-east-2', 'us-west-2'),
    KeyArn.replace('111122223333', '444455556666'),
    `${KeyArn.slice(0, -16)}aaaaaaaaaaaaaaaa`,
  ];
  for (const KeyIdentifier of missing) {
    const { code, members } = await service.refusal('GetKey', { KeyIdentifier });
    assert.deepEqual([code, members], ['ResourceNotFoundException', { ResourceId: KeyIdentifier }]);
  }
  for (const operation of ['CreateAlias', 'UpdateAlias'] as const) {
    const request = { AliasName: 'alias/new', KeyArn: missing.at(-1)! };
    assert.equal((await service.refusal(operation, request)).code, 'ResourceNotFoundException');
  }
  assert.equal(
    (await service.refusal('GetAlias', { AliasName: 'alias/new' })).code,
    'ResourceNotFoundException',
  );
});

test('another region has other keys and aliases', async (t) => {
  const service = new Service(t);
  const KeyArn = await newKey(service);
  await service.call('CreateAlias', { AliasName: 'alias/a', KeyArn });
  const west = { region: 'us-west-2' };
  assert.deepEqual(await service.call('ListKeys', {}, west), { Keys: [] });
  assert.deepEqual(await service.call('ListAliases', {}, west), { Aliases: [] });
  assert.equal(
    (await service.refusal('GetKey', { KeyIdentifier: KeyArn }, west)).code,
    'ResourceNotFoundException',
  );
});

test('an alias may point to a key that can be restored, not to one that is deleted', async (t) => {
  const service = new Service(t);
  const KeyArn = await newKey(service);
  await service.call('DeleteKey', { KeyIdentifier: KeyArn });
  await service.call('CreateAlias', { AliasName: 'alias/a', KeyArn });
  service.time += 7 * DAY;
  await destroyDueKeys(service.context);
  for (const [operation, AliasName] of [
    ['CreateAlias', 'alias/b'],
    ['UpdateAlias', 'alias/a'],
  ] as const) {
    const { code, message } = await service.refusal(operation, { AliasName, KeyArn });
    assert.equal(code, 'ConflictException');
    assert.equal(
      message,
      `Key ${KeyArn} is in state DELETE_COMPLETE: ${operation} needs a key in state CREATE_COMPLETE or DELETE_PENDING.`,
    );
  }
});
