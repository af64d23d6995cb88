import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { DuplicateRecordError } from '../../src/store/errors.ts';
import type { RotationItemRecord, RotationRecord } from '../../src/store/records/rotation.ts';
import type { Store } from '../../src/store/store.ts';
import { newKeyId, someAlias, someKey } from './records.ts';

const REGION = 'us-east-2';
const ALL = { limit: 1000 };

type StoreTest = (title: string, body: (store: Store) => Promise<void>) => void;

function someItem(fields: Partial<RotationItemRecord> = {}): RotationItemRecord {
  return {
    position: 1,
    keyId: newKeyId(),
    way: 'Tr31KeyBlock',
    counterpart: `key/${newKeyId()}`,
    party: undefined,
    ksn: undefined,
    state: 'WAITING',
    block: undefined,
    checkValue: undefined,
    message: undefined,
    ...fields,
  };
}

/** A key in the store, its successor, and a rotation of it that is not. */
async function someRotation(store: Store, fields: Partial<RotationRecord> = {}): Promise<RotationRecord> {
  const [key, successor] = [someKey(), someKey()];
  for (const one of [key, successor]) await store.insertKey(one, []);
  return {
    region: REGION,
    rotationId: newKeyId(),
    keyId: key.keyId,
    successorId: successor.keyId,
    madeHere: true,
    keyVersion: '01',
    status: 'STARTED',
    requester: 'arn:aws:iam::111122223333:user/administrator',
    startedAt: 1_785_000_000_000,
    endedAt: undefined,
    ...fields,
  };
}

/** What every store must do with rotations. */
export function rotationContract(name: string, test: StoreTest): void {
  describe(`${name}: rotations`, () => {
    test('come back as stored, with their items in order', async (store) => {
      const rotation = await someRotation(store);
      const items = [someItem(), someItem({ position: 2, ksn: 'FFFF9876543210E00000', party: 'CN=partner' })];
      await store.insertRotation(rotation, items.toReversed());
      assert.deepEqual(await store.findRotation(REGION, rotation.rotationId), rotation);
      assert.equal(await store.findRotation('eu-central-1', rotation.rotationId), undefined);
      assert.deepEqual(await store.listRotationItems(rotation, ALL), items);
      assert.deepEqual(await store.listRotationItems(rotation, { after: '1', limit: 1 }), items.slice(1));
      const later = await someRotation(store, { startedAt: rotation.startedAt + 1 });
      await store.insertRotation(later, []);
      assert.deepEqual(await store.listRotations(REGION), [later, rotation]);
    });

    test('of one key go on one at a time', async (store) => {
      const rotation = await someRotation(store);
      const another = { ...rotation, rotationId: newKeyId() };
      await store.insertRotation(rotation, []);
      await assert.rejects(store.insertRotation(another, [someItem()]), DuplicateRecordError);
      assert.deepEqual(await store.listRotationItems(another, ALL), []);
      await store.endRotation(rotation, 'ROLLED_BACK', 5);
      await store.insertRotation(another, []);
    });

    test('end once; completed, they move every alias of the key, and no other', async (store) => {
      const rotation = await someRotation(store);
      const { keyId, successorId } = rotation;
      const [moved, other] = [
        someAlias({ keyId }),
        someAlias({ aliasName: 'alias/other', keyId: successorId }),
      ];
      for (const alias of [moved, other]) await store.insertAlias(alias);
      await store.insertRotation(rotation, []);
      assert.equal(await store.rotationOfSuccessor(REGION, successorId), undefined);
      assert.equal(await store.endRotation(rotation, 'COMPLETED', 7), true);
      assert.equal(await store.endRotation(rotation, 'ROLLED_BACK', 8), false);
      const ended = { ...rotation, status: 'COMPLETED', endedAt: 7 } as const;
      assert.deepEqual(await store.rotationOfSuccessor(REGION, successorId), ended);
      assert.deepEqual(await store.listAliases(REGION, { keyId: successorId }, ALL), [
        { ...moved, keyId: successorId },
        other,
      ]);
    });

    test('rolled back, they move no alias', async (store) => {
      const rotation = await someRotation(store);
      const alias = someAlias({ keyId: rotation.keyId });
      await store.insertAlias(alias);
      await store.insertRotation(rotation, []);
      await store.endRotation(rotation, 'ROLLED_BACK', 7);
      assert.deepEqual(await store.findAlias(REGION, alias.aliasName), alias);
    });

    test('have items that wait or have failed until they are finished', async (store) => {
      const rotation = await someRotation(store);
      const states = ['WAITING', 'BY_HAND', 'FAILED', 'DONE'] as const;
      const items = states.map((state, i) => someItem({ position: i + 1, state }));
      await store.insertRotation(rotation, items);
      assert.deepEqual(await store.waitingItems(rotation, ALL), [items[0], items[2]]);
      const finished = { ...items[2]!, state: 'DONE', block: 'D0112', checkValue: '0A1B2C' } as const;
      await store.finishRotationItem(rotation, finished);
      assert.deepEqual(await store.waitingItems(rotation, ALL), [items[0]]);
      assert.deepEqual(await store.waitingItems(rotation, { after: '1', limit: 9 }), []);
      assert.deepEqual((await store.listRotationItems(rotation, ALL))[2], finished);
      assert.deepEqual(await store.countRotationItems(rotation), {
        WAITING: 1,
        BY_HAND: 1,
        FAILED: 0,
        DONE: 2,
      });
    });
  });
}
