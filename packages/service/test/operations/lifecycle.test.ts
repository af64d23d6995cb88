import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key } from '../../src/api/control-plane.generated.ts';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { StaleRecordError } from '../../src/store/errors.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import type { Store } from '../../src/store/store.ts';
import { attributes, DAY, Service, START } from './service.ts';

async function newKey(service: Service): Promise<Key> {
  const KeyAttributes = attributes('TR31_P0_PIN_ENCRYPTION_KEY', 'AES_256', 'B');
  return (await service.call('CreateKey', { KeyAttributes, Exportable: true })).Key;
}

test('a key stops, stays stopped, and starts again', async (t) => {
  const service = new Service(t);
  const { UsageStartTimestamp, ...key } = await newKey(service);
  const KeyIdentifier = key.KeyArn;
  service.time += 1000;
  const stopped = { ...key, Enabled: false, UsageStopTimestamp: (START + 1000) / 1000 };
  assert.deepEqual(await service.call('StopKeyUsage', { KeyIdentifier }), { Key: stopped });
  service.time += 1000;
  assert.deepEqual(await service.call('StopKeyUsage', { KeyIdentifier }), { Key: stopped });
  assert.deepEqual(await service.call('GetKey', { KeyIdentifier }), { Key: stopped });
  const started = { ...key, UsageStartTimestamp: (START + 2000) / 1000 };
  assert.deepEqual(await service.call('StartKeyUsage', { KeyIdentifier }), { Key: started });
  service.time += 1000;
  assert.deepEqual(await service.call('StartKeyUsage', { KeyIdentifier }), { Key: started });
  assert.deepEqual(await service.call('GetKey', { KeyIdentifier }), { Key: started });
});

test('a key to be deleted is disabled, and comes back disabled', async (t) => {
  const service = new Service(t);
  const { UsageStartTimestamp, ...key } = await newKey(service);
  const KeyIdentifier = key.KeyArn;
  service.time += 1000;
  const stopped = { ...key, Enabled: false, UsageStopTimestamp: (START + 1000) / 1000 };
  const pending = { KeyState: 'DELETE_PENDING', DeletePendingTimestamp: (START + 1000 + 7 * DAY) / 1000 };
  assert.deepEqual(await service.call('DeleteKey', { KeyIdentifier }), { Key: { ...stopped, ...pending } });
  assert.deepEqual(await service.call('GetKey', { KeyIdentifier }), { Key: { ...stopped, ...pending } });
  service.time += 1000;
  assert.deepEqual(await service.call('RestoreKey', { KeyIdentifier }), { Key: stopped });
  const { Key: started } = await service.call('StartKeyUsage', { KeyIdentifier });
  assert.equal(started.Enabled, true);
});

test('a disabled key keeps the time of its stop when it is deleted', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  await service.call('StopKeyUsage', { KeyIdentifier });
  service.time += 1000;
  const { Key } = await service.call('DeleteKey', { KeyIdentifier });
  assert.equal(Key.UsageStopTimestamp, START / 1000);
});

test('3 to 180 days may be left to a key', async (t) => {
  const service = new Service(t);
  for (const days of [3, 180]) {
    const { KeyArn: KeyIdentifier } = await newKey(service);
    const { Key } = await service.call('DeleteKey', { KeyIdentifier, DeleteKeyInDays: days });
    assert.equal(Key.DeletePendingTimestamp, (START + days * DAY) / 1000);
  }
  const { KeyArn: KeyIdentifier } = await newKey(service);
  for (const days of [2, 181]) {
    const { code } = await service.refusal('DeleteKey', { KeyIdentifier, DeleteKeyInDays: days });
    assert.equal(code, 'ValidationException');
  }
});

/** Which operations a key in a state refuses, and the state that they need. */
const NEEDED = {
  CREATE_COMPLETE: { RestoreKey: 'DELETE_PENDING' },
  DELETE_PENDING: {
    DeleteKey: 'CREATE_COMPLETE',
    StartKeyUsage: 'CREATE_COMPLETE',
    StopKeyUsage: 'CREATE_COMPLETE',
  },
  DELETE_COMPLETE: {
    DeleteKey: 'CREATE_COMPLETE',
    StartKeyUsage: 'CREATE_COMPLETE',
    StopKeyUsage: 'CREATE_COMPLETE',
    RestoreKey: 'DELETE_PENDING',
  },
} as const;

test('what a state does not allow is a conflict and changes nothing', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const check = async (state: keyof typeof NEEDED) => {
    const before = await service.call('GetKey', { KeyIdentifier });
    for (const [operation, needed] of Object.entries(NEEDED[state])) {
      const { code, message } = await service.refusal(operation as 'RestoreKey', { KeyIdentifier });
      assert.equal(code, 'ConflictException');
      assert.equal(
        message,
        `Key ${KeyIdentifier} is in state ${state}: ${operation} needs a key in state ${needed}.`,
      );
    }
    assert.deepEqual(await service.call('GetKey', { KeyIdentifier }), before);
  };
  await check('CREATE_COMPLETE');
  await service.call('DeleteKey', { KeyIdentifier });
  await check('DELETE_PENDING');
  service.time += 7 * DAY;
  await destroyDueKeys(service.context);
  await check('DELETE_COMPLETE');
});

test('a key is destroyed when its days are over, not before, and its aliases point to none', async (t) => {
  const service = new Service(t);
  const { UsageStartTimestamp, ...key } = await newKey(service);
  await newKey(service);
  const KeyIdentifier = key.KeyArn;
  await service.call('CreateAlias', { AliasName: 'alias/pek', KeyArn: KeyIdentifier });
  await service.call('DeleteKey', { KeyIdentifier, DeleteKeyInDays: 3 });
  service.time += 3 * DAY - 1;
  assert.equal(await destroyDueKeys(service.context), 0);
  service.time += 1;
  assert.equal(await destroyDueKeys(service.context), 1);
  assert.equal(await destroyDueKeys(service.context), 0);
  const { Key } = await service.call('GetKey', { KeyIdentifier });
  assert.deepEqual(Key, {
    ...key,
    Enabled: false,
    KeyState: 'DELETE_COMPLETE',
    UsageStopTimestamp: START / 1000,
    DeleteTimestamp: (START + 3 * DAY) / 1000,
  });
  const record = await service.context.store.findKey('us-east-2', KeyIdentifier.slice(-16));
  assert.equal(record?.sealed, undefined);
  const { Alias } = await service.call('GetAlias', { AliasName: 'alias/pek' });
  assert.deepEqual(Alias, { AliasName: 'alias/pek' });
  const gone = await service.refusal('GetKey', { KeyIdentifier: 'alias/pek' });
  assert.equal(gone.code, 'ResourceNotFoundException');
});

/** The store with one method of its own. */
function storeWith(store: Store, changes: Partial<Store>): Store {
  return { ...store, ...changes };
}

test('a key that was changed meanwhile does not stop the destruction of others', async (t) => {
  const service = new Service(t);
  const keys = [await newKey(service), await newKey(service)];
  for (const { KeyArn } of keys) await service.call('DeleteKey', { KeyIdentifier: KeyArn });
  service.time += 7 * DAY;
  const { store } = service.context;
  let calls = 0;
  const retireKey = async (record: KeyRecord) => {
    calls += 1;
    if (calls === 1) throw new StaleRecordError('stale');
    await store.retireKey(record);
  };
  assert.equal(await destroyDueKeys({ ...service.context, store: storeWith(store, { retireKey }) }), 1);
  assert.equal(await destroyDueKeys(service.context), 1);
});

test('any other error of the destruction comes out', async (t) => {
  const service = new Service(t);
  const { KeyArn } = await newKey(service);
  await service.call('DeleteKey', { KeyIdentifier: KeyArn });
  service.time += 7 * DAY;
  const retireKey = async () => {
    throw new Error('disk full');
  };
  const store = storeWith(service.context.store, { retireKey });
  await assert.rejects(destroyDueKeys({ ...service.context, store }), /disk full/);
});

test('a change that another request overtakes is made anew', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const { store } = service.context;
  let overtaken = 0;
  const replaceKey = async (record: KeyRecord) => {
    if (overtaken < 2) {
      overtaken += 1;
      await service.call(overtaken === 1 ? 'StopKeyUsage' : 'StartKeyUsage', { KeyIdentifier });
    }
    await store.replaceKey(record);
  };
  await service.call('DeleteKey', { KeyIdentifier }, { store: storeWith(store, { replaceKey }) });
  assert.equal(overtaken, 2);
  const { Key } = await service.call('GetKey', { KeyIdentifier });
  assert.deepEqual([Key.KeyState, Key.Enabled], ['DELETE_PENDING', false]);
});

test('a change that is overtaken every time is a conflict', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const replaceKey = async () => {
    throw new StaleRecordError('stale');
  };
  const store = storeWith(service.context.store, { replaceKey });
  const { code, message } = await service.refusal('StopKeyUsage', { KeyIdentifier }, { store });
  assert.equal(code, 'ConflictException');
  assert.equal(message, `Other requests are changing ${KeyIdentifier} at the same time: try again.`);
  assert.equal((await service.call('GetKey', { KeyIdentifier })).Key.Enabled, true);
});

test('any other error of the store comes out as it is', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const replaceKey = async () => {
    throw new Error('disk full');
  };
  const store = storeWith(service.context.store, { replaceKey });
  await assert.rejects(service.call('StopKeyUsage', { KeyIdentifier }, { store }), /disk full/);
});
