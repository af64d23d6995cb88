// What is left when replication stops half-way, and how it goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Key, ReplicationStatus } from '../../src/api/control-plane.generated.ts';
import { SealError } from '../../src/custody/main-key.ts';
import { destroyDueKeys } from '../../src/operations/destroy-due-keys.ts';
import { replicateKeys } from '../../src/operations/replicate-keys.ts';
import { DuplicateRecordError, StaleRecordError } from '../../src/store/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { assertSettled, EUROPE, getKey, inRegion, newKey, WEST } from './regions.ts';
import { DAY, Service } from './service.ts';

class PowerCut extends Error {}

/** The methods that write. */
const WRITES = ['insertKey', 'replaceKey', 'insertReplica', 'replaceReplica', 'retireReplica'] as const;

/** A store that fails from some write on, before or after that write is done, and a count of its writes. */
function failingStore(
  store: Store,
  last: number,
  when: 'before' | 'after',
): { store: Store; writes(): number } {
  let writes = 0;
  const failing = (name: (typeof WRITES)[number]) => {
    const write = store[name] as (...records: unknown[]) => Promise<void>;
    return async (...records: unknown[]) => {
      writes += 1;
      if (writes > last || (writes === last && when === 'before')) throw new PowerCut();
      await write(...records);
      if (writes === last) throw new PowerCut();
    };
  };
  const methods = Object.fromEntries(WRITES.map((name) => [name, failing(name)]));
  return { store: { ...store, ...methods }, writes: () => writes };
}

async function finish(service: Service): Promise<unknown[]> {
  const errors: unknown[] = [];
  await replicateKeys(service.context, (error) => errors.push(error));
  return errors;
}

/** Every kind of change, one after the other; each on a store of the test's. */
async function life(service: Service, store: Store): Promise<void> {
  const { KeyArn: KeyIdentifier } = await newKey(service, [WEST], true, { store });
  await service.call('StopKeyUsage', { KeyIdentifier }, { store });
  await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [EUROPE] }, { store });
  await service.call('StartKeyUsage', { KeyIdentifier }, { store });
  await service.call('RemoveKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] }, { store });
  await service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] }, { store });
  await service.call('DeleteKey', { KeyIdentifier }, { store });
}

test('a power cut at any write of a key’s life is mended by the next run', async (t) => {
  const whole = new Service(t);
  const counted = failingStore(whole.context.store, Number.POSITIVE_INFINITY, 'after');
  await life(whole, counted.store);
  await assertSettled(whole.context);
  // The seven changes and their replicas: 1 + 1 + 1 + 2 + 1 + 1 + 2.
  assert.equal(counted.writes(), 7 + 9);
  let unfinished = 0;
  for (let last = 1; last <= counted.writes(); last += 1) {
    for (const when of ['before', 'after'] as const) {
      const service = new Service(t);
      const { store } = failingStore(service.context.store, last, when);
      await assert.rejects(life(service, store), PowerCut);
      unfinished += (await service.context.store.keysToReplicate()).length;
      assert.deepEqual(await finish(service), []);
      await assertSettled(service.context);
      assert.deepEqual(await finish(service), []);
      await assertSettled(service.context);
    }
  }
  // Between a change and its last replica: after each change, and before each replica but the last of two.
  assert.ok(unfinished >= 9, `${unfinished} runs left something to do`);
});

test('a key whose replica is not written yet says so, and is used in its own region', async (t) => {
  const service = new Service(t);
  const insertReplica = async () => {
    throw new PowerCut();
  };
  const store = { ...service.context.store, insertReplica };
  const { KeyArn: KeyIdentifier } = await newKey(service);
  const request = { KeyIdentifier, ReplicationRegions: [WEST] };
  await assert.rejects(service.call('AddKeyReplicationRegions', request, { store }), PowerCut);
  const { ReplicationStatus: status, KeyState } = await getKey(service, KeyIdentifier);
  assert.deepEqual([status, KeyState], [{ [WEST]: { Status: 'IN_PROGRESS' } }, 'CREATE_COMPLETE']);
  const replica = { KeyIdentifier: inRegion(KeyIdentifier, WEST) };
  const missing = await service.refusal('GetKey', replica, { region: WEST });
  assert.equal(missing.code, 'ResourceNotFoundException');
  await finish(service);
  assert.deepEqual((await getKey(service, KeyIdentifier)).ReplicationStatus, {
    [WEST]: { Status: 'SYNCHRONIZED' },
  });
});

test('a replica that is not destroyed yet says so', async (t) => {
  const service = new Service(t);
  const { KeyArn: KeyIdentifier } = await newKey(service, [WEST]);
  const retireReplica = async () => {
    throw new PowerCut();
  };
  const store = { ...service.context.store, retireReplica };
  await assert.rejects(service.call('DeleteKey', { KeyIdentifier }, { store }), PowerCut);
  const expected: ReplicationStatus = { [WEST]: { Status: 'DELETE_IN_PROGRESS' } };
  assert.deepEqual((await getKey(service, KeyIdentifier)).ReplicationStatus, expected);
  // Even when its primary is long gone.
  service.time += 7 * DAY;
  assert.equal(await destroyDueKeys(service.context), 1);
  assert.equal((await getKey(service, KeyIdentifier, WEST)).KeyState, 'CREATE_COMPLETE');
  await finish(service);
  assert.equal((await getKey(service, KeyIdentifier, WEST)).KeyState, 'DELETE_COMPLETE');
  await assertSettled(service.context);
});

test('one key that does not open keeps no other from being replicated', async (t) => {
  const service = new Service(t);
  const { store } = service.context;
  const insertReplica = async () => {
    throw new PowerCut();
  };
  for (let i = 0; i < 3; i += 1) {
    await assert.rejects(newKey(service, [WEST], true, { store: { ...store, insertReplica } }), PowerCut);
  }
  const [first, second, third] = await store.keysToReplicate();
  await store.replaceKey({ ...second!, checkValue: 'FFFFFF' });
  const errors = await finish(service);
  assert.equal(errors.length, 1);
  assert.ok(errors[0] instanceof SealError);
  for (const key of [first!, third!]) assert.notEqual(await store.findKey(WEST, key.keyId), undefined);
  assert.equal(await store.findKey(WEST, second!.keyId), undefined);
  assert.deepEqual(
    (await store.keysToReplicate()).map(({ keyId }) => keyId),
    [second!.keyId],
  );
});

test('a step that others overtake every time is left to the next run', async (t) => {
  for (const overtaken of [new StaleRecordError('stale'), new DuplicateRecordError('there')]) {
    const service = new Service(t);
    let calls = 0;
    const insertReplica = async () => {
      calls += 1;
      throw overtaken;
    };
    const key = await newKey(service, [WEST], true, { store: { ...service.context.store, insertReplica } });
    assert.deepEqual(key.ReplicationStatus, { [WEST]: { Status: 'IN_PROGRESS' } });
    assert.equal(calls, 5);
    assert.deepEqual(await finish(service), []);
    await assertSettled(service.context);
  }
});

test('changes made at once leave every replica as its primary is', async (t) => {
  const service = new Service(t);
  for (let round = 0; round < 12; round += 1) {
    const { KeyArn: KeyIdentifier } = await newKey(service, [WEST]);
    const changes: Promise<{ Key: Key }>[] = [
      service.call('StopKeyUsage', { KeyIdentifier }),
      service.call('AddKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [EUROPE] }),
      service.call('StartKeyUsage', { KeyIdentifier }),
      service.call('RemoveKeyReplicationRegions', { KeyIdentifier, ReplicationRegions: [WEST] }),
      service.call('StopKeyUsage', { KeyIdentifier }),
    ];
    if (round % 3 === 0) changes.push(service.call('DeleteKey', { KeyIdentifier }));
    const runs = [finish(service), finish(service)];
    for (const outcome of await Promise.allSettled(changes)) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ConflictException');
    }
    assert.deepEqual((await Promise.all(runs)).flat(), []);
    await finish(service);
    await assertSettled(service.context);
  }
});
