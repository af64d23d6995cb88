import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DuplicateRecordError, StaleRecordError } from '../../src/store/errors.ts';
import type { KeyRecord } from '../../src/store/records/key.ts';
import type { Store } from '../../src/store/store.ts';
import { approvalContract, someAccessKey } from './approval-contract.ts';
import { fleetContract } from './fleet-contract.ts';
import {
  anyKey,
  newKeyId,
  present,
  SOME_REPLICA,
  someAlias,
  someAuthority,
  someKey,
  somePrimary,
  someToken,
  someTransfer,
} from './records.ts';
import { rotationContract } from './rotation-contract.ts';

const REGION = 'us-east-2';
const ALL = { limit: 1000 };

/** What every store must do. `open` gives an empty one; each test opens and closes its own. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  const test = (title: string, body: (store: Store) => Promise<void>) =>
    it(title, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });

  describe(`${name}: keys`, () => {
    test('come back with every field as it was stored', async (store) => {
      const property = fc.asyncProperty(anyKey, async (drawn) => {
        const record = { ...drawn, keyId: newKeyId() };
        await store.insertKey(record, []);
        assert.deepEqual(present(await store.findKey(record.region, record.keyId)), present(record));
      });
      await fc.assert(property, { numRuns: 60 });
    });

    test('come back with every field as it was changed', async (store) => {
      const property = fc.asyncProperty(anyKey, anyKey, async (drawn, other) => {
        const { region, revision } = drawn;
        const keyId = newKeyId();
        await store.insertKey({ ...drawn, keyId }, []);
        await store.replaceKey({ ...other, region, keyId, revision });
        const changed = { ...other, region, keyId, revision: revision + 1 };
        assert.deepEqual(present(await store.findKey(region, keyId)), present(changed));
      });
      await fc.assert(property, { numRuns: 60 });
    });

    test('are told apart by region and by id', async (store) => {
      const key = someKey();
      const namesake = someKey({ keyId: key.keyId, region: 'eu-central-1', enabled: false });
      await store.insertKey(key, []);
      assert.equal(await store.findKey(namesake.region, namesake.keyId), undefined);
      await store.insertKey(namesake, []);
      assert.equal((await store.findKey(key.region, key.keyId))?.enabled, true);
      assert.equal((await store.findKey(namesake.region, key.keyId))?.enabled, false);
      assert.equal(await store.findKey(key.region, 'aaaaaaaaaaaaaaaa'), undefined);
    });

    test('of a name that is there are refused, and the first stays with its tags', async (store) => {
      const key = someKey();
      await store.insertKey(key, [{ Key: 'owner', Value: 'acquiring' }]);
      const again = someKey({ keyId: key.keyId, checkValue: 'FFFFFF' });
      await assert.rejects(
        store.insertKey(again, [{ Key: 'owner', Value: 'issuing' }]),
        DuplicateRecordError,
      );
      assert.deepEqual(present(await store.findKey(REGION, key.keyId)), present(key));
      assert.deepEqual(await store.listTags(REGION, key.keyId, ALL), [{ Key: 'owner', Value: 'acquiring' }]);
    });

    test('are not stored when one of their tags is not', async (store) => {
      const key = someKey();
      const broken = { Key: 'b', Value: null as unknown as string };
      await assert.rejects(store.insertKey(key, [{ Key: 'a', Value: '1' }, broken]));
      assert.equal(await store.findKey(REGION, key.keyId), undefined);
      await store.insertKey(key, []);
      assert.deepEqual(await store.listTags(REGION, key.keyId, ALL), []);
    });

    test('are changed from the stored revision only', async (store) => {
      const key = someKey({ revision: 1 });
      await store.insertKey(key, []);
      await store.replaceKey({ ...key, enabled: false });
      const stored = await store.findKey(REGION, key.keyId);
      assert.deepEqual([stored?.enabled, stored?.revision], [false, 2]);
      for (const revision of [0, 1, 3]) {
        await assert.rejects(store.replaceKey({ ...key, checkValue: 'FFFFFF', revision }), StaleRecordError);
      }
      assert.deepEqual(await store.findKey(REGION, key.keyId), stored);
    });

    test('that are not there cannot be changed', async (store) => {
      await assert.rejects(store.replaceKey(someKey()), StaleRecordError);
      await assert.rejects(store.retireKey(someKey()), StaleRecordError);
    });

    test('take one of several changes made at once', async (store) => {
      const key = someKey();
      await store.insertKey(key, []);
      const values = ['AAAAAA', 'BBBBBB', 'CCCCCC', 'DDDDDD'];
      const changes = values.map((checkValue) => store.replaceKey({ ...key, checkValue }));
      const outcomes = await Promise.allSettled(changes);
      const [winner, ...others] = outcomes.flatMap(({ status }, i) =>
        status === 'fulfilled' ? [values[i]] : [],
      );
      assert.deepEqual(others, []);
      assert.equal((await store.findKey(REGION, key.keyId))?.checkValue, winner);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof StaleRecordError);
      }
    });

    test('keep tags and aliases when changed', async (store) => {
      const key = someKey();
      await store.insertKey(key, [{ Key: 'a', Value: '1' }]);
      await store.insertAlias(someAlias({ keyId: key.keyId }));
      await store.replaceKey({ ...key, enabled: false });
      assert.equal((await store.listTags(REGION, key.keyId, ALL)).length, 1);
      assert.equal((await store.findAlias(REGION, 'alias/kek'))?.keyId, key.keyId);
    });

    test('when retired lose their material and their aliases, and nobody else does', async (store) => {
      const [key, other] = [someKey(), someKey()];
      const namesake = someKey({ keyId: key.keyId, region: 'eu-central-1' });
      for (const each of [key, other, namesake]) await store.insertKey(each, []);
      for (const aliasName of ['alias/one', 'alias/two']) {
        await store.insertAlias({ region: REGION, aliasName, keyId: key.keyId });
      }
      await store.insertAlias({ region: REGION, aliasName: 'alias/other', keyId: other.keyId });
      await store.insertAlias({ region: namesake.region, aliasName: 'alias/one', keyId: key.keyId });

      await store.retireKey({ ...key, state: 'DELETE_COMPLETE', sealed: undefined });

      const retired = await store.findKey(REGION, key.keyId);
      assert.deepEqual(
        [retired?.state, retired?.sealed, retired?.revision],
        ['DELETE_COMPLETE', undefined, 2],
      );
      const targets = (await store.listAliases(REGION, {}, ALL)).map(({ aliasName, keyId }) => [
        aliasName,
        keyId,
      ]);
      assert.deepEqual(targets, [
        ['alias/one', undefined],
        ['alias/other', other.keyId],
        ['alias/two', undefined],
      ]);
      assert.equal((await store.findAlias(namesake.region, 'alias/one'))?.keyId, key.keyId);
      assert.deepEqual((await store.findKey(namesake.region, key.keyId))?.sealed, namesake.sealed);
    });

    test('keep their aliases when the retiring comes too late', async (store) => {
      const key = someKey({ revision: 5 });
      await store.insertKey(key, []);
      await store.insertAlias(someAlias({ keyId: key.keyId }));
      await assert.rejects(store.retireKey({ ...key, sealed: undefined, revision: 4 }), StaleRecordError);
      assert.equal((await store.findAlias(REGION, 'alias/kek'))?.keyId, key.keyId);
      assert.deepEqual((await store.findKey(REGION, key.keyId))?.sealed, key.sealed);
    });
  });

  describe(`${name}: lists of keys`, () => {
    async function walk(store: Store, filter: Parameters<Store['listKeys']>[1], limit: number) {
      const ids: string[] = [];
      for (let after: string | undefined; ; after = ids.at(-1)) {
        const page = await store.listKeys(REGION, filter, { after, limit });
        assert.ok(page.length <= limit);
        assert.ok(
          page.every(({ keyId }) => keyId > (after ?? '')),
          'a page goes back',
        );
        ids.push(...page.map(({ keyId }) => keyId));
        if (page.length < limit) return ids;
      }
    }

    test('are whole, in order of id, whatever the size of a page', async (store) => {
      const keys = Array.from({ length: 40 }, (_, i) =>
        someKey({
          state: i % 3 === 0 ? 'DELETE_PENDING' : 'CREATE_COMPLETE',
          region: i % 5 === 0 ? 'eu-central-1' : REGION,
        }),
      );
      for (const key of keys) await store.insertKey(key, []);
      const sorted = (wanted: (key: KeyRecord) => boolean) =>
        keys
          .filter((key) => key.region === REGION && wanted(key))
          .map(({ keyId }) => keyId)
          .sort();
      for (const limit of [1, 7, 40, 100]) {
        assert.deepEqual(
          await walk(store, {}, limit),
          sorted(() => true),
        );
        for (const state of ['DELETE_PENDING', 'CREATE_COMPLETE', 'DELETE_COMPLETE'] as const) {
          assert.deepEqual(
            await walk(store, { state }, limit),
            sorted((key) => key.state === state),
          );
        }
      }
    });

    test('hold whole records, and start after an id that is not there', async (store) => {
      const key = someKey({ keyId: 'mmmmmmmmmmmmmmmm' });
      await store.insertKey(key, []);
      const [found] = await store.listKeys(REGION, {}, { after: 'aaaaaaaaaaaaaaaa', limit: 1 });
      assert.deepEqual(present(found), present(key));
      assert.deepEqual(await store.listKeys(REGION, {}, { after: 'mmmmmmmmmmmmmmmm', limit: 1 }), []);
      assert.deepEqual(await store.listKeys(REGION, {}, { after: 'zzzzzzzzzzzzzzzz', limit: 1 }), []);
    });

    test('to destroy are those in DELETE_PENDING whose time has come, of every region', async (store) => {
      const due = [
        someKey({ state: 'DELETE_PENDING', deletePendingAt: 1000 }),
        someKey({ state: 'DELETE_PENDING', deletePendingAt: 999, region: 'eu-central-1' }),
      ];
      const notDue = [
        someKey({ state: 'DELETE_PENDING', deletePendingAt: 1001 }),
        someKey({ state: 'DELETE_COMPLETE', deletePendingAt: 10 }),
        someKey({ state: 'CREATE_COMPLETE' }),
      ];
      for (const key of [...due, ...notDue]) await store.insertKey(key, []);
      const found = await store.keysToDestroy(1000);
      assert.deepEqual(found.map(present), due.toReversed().map(present));
      assert.deepEqual(await store.keysToDestroy(998), []);
    });
  });

  describe(`${name}: aliases`, () => {
    test('are stored, found, pointed elsewhere and deleted', async (store) => {
      const [first, second] = [someKey(), someKey()];
      for (const key of [first, second]) await store.insertKey(key, []);
      const alias = someAlias({ keyId: first.keyId });
      assert.equal(await store.findAlias(REGION, alias.aliasName), undefined);
      await store.insertAlias(alias);
      assert.deepEqual(present(await store.findAlias(REGION, alias.aliasName)), alias);
      assert.equal(await store.replaceAlias({ ...alias, keyId: second.keyId }), true);
      assert.equal((await store.findAlias(REGION, alias.aliasName))?.keyId, second.keyId);
      assert.equal(await store.replaceAlias({ ...alias, keyId: undefined }), true);
      assert.deepEqual(present(await store.findAlias(REGION, alias.aliasName)), someAlias());
      assert.equal(await store.deleteAlias(REGION, alias.aliasName), true);
      assert.equal(await store.findAlias(REGION, alias.aliasName), undefined);
    });

    test('that are not there are not replaced or deleted', async (store) => {
      await store.insertAlias(someAlias({ region: 'eu-central-1' }));
      assert.equal(await store.replaceAlias(someAlias()), false);
      assert.equal(await store.deleteAlias(REGION, 'alias/kek'), false);
      assert.equal(await store.findAlias(REGION, 'alias/kek'), undefined);
      assert.deepEqual(
        present(await store.findAlias('eu-central-1', 'alias/kek')),
        someAlias({ region: 'eu-central-1' }),
      );
    });

    test('of a name that is there are refused, in one region', async (store) => {
      const key = someKey();
      await store.insertKey(key, []);
      await store.insertAlias(someAlias({ keyId: key.keyId }));
      await assert.rejects(store.insertAlias(someAlias()), DuplicateRecordError);
      assert.equal((await store.findAlias(REGION, 'alias/kek'))?.keyId, key.keyId);
      await store.insertAlias(someAlias({ region: 'eu-central-1' }));
    });

    test('are listed in the order of their bytes, page by page, of one key or of all', async (store) => {
      const key = someKey();
      await store.insertKey(key, []);
      const names = ['alias/B', 'alias/Z/1', 'alias/_', 'alias/a', 'alias/a-b', 'alias/a1', 'alias/b'];
      const ofKey = new Set(['alias/Z/1', 'alias/a', 'alias/b']);
      for (const aliasName of names.toReversed()) {
        await store.insertAlias(
          someAlias({ aliasName, keyId: ofKey.has(aliasName) ? key.keyId : undefined }),
        );
      }
      await store.insertAlias(someAlias({ region: 'eu-central-1', aliasName: 'alias/c' }));
      const list = async (keyId: string | undefined, after: string | undefined, limit: number) =>
        (await store.listAliases(REGION, { keyId }, { after, limit })).map(({ aliasName }) => aliasName);
      const inByteOrder = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      assert.deepEqual(await list(undefined, undefined, 100), inByteOrder);
      for (const [i, name] of inByteOrder.entries()) {
        assert.deepEqual(await list(undefined, name, 2), inByteOrder.slice(i + 1, i + 3));
      }
      assert.deepEqual(await list(key.keyId, undefined, 2), ['alias/Z/1', 'alias/a']);
      assert.deepEqual(await list(key.keyId, 'alias/a', 2), ['alias/b']);
      assert.deepEqual(await list('aaaaaaaaaaaaaaaa', undefined, 2), []);
    });
  });

  describe(`${name}: tags`, () => {
    const tags = (...keys: string[]) => keys.map((Key) => ({ Key, Value: `value of ${Key}` }));
    const numbered = (from: number, to: number) =>
      tags(...Array.from({ length: to - from }, (_, i) => `tag ${String(from + i).padStart(3, '0')}`));

    test('are stored with the key, overwritten, added and removed', async (store) => {
      const [key, other] = [someKey(), someKey()];
      await store.insertKey(key, tags('b', 'a'));
      await store.insertKey(other, tags('z'));
      const list = () => store.listTags(REGION, key.keyId, ALL);
      assert.deepEqual(await list(), tags('a', 'b'));
      assert.equal(
        await store.putTags(REGION, key.keyId, [{ Key: 'a', Value: '' }, ...tags('Ä€ 𝄞')], 50),
        true,
      );
      assert.deepEqual(await list(), [{ Key: 'a', Value: '' }, ...tags('b', 'Ä€ 𝄞')]);
      await store.removeTags(REGION, key.keyId, ['a', 'not there', 'Ä€ 𝄞']);
      assert.deepEqual(await list(), tags('b'));
      await store.removeTags(REGION, key.keyId, []);
      assert.deepEqual(await store.listTags(REGION, other.keyId, ALL), tags('z'));
    });

    test('are listed page by page', async (store) => {
      const key = someKey();
      await store.insertKey(key, numbered(0, 5));
      assert.deepEqual(await store.listTags(REGION, key.keyId, { limit: 2 }), numbered(0, 2));
      assert.deepEqual(
        await store.listTags(REGION, key.keyId, { after: 'tag 001', limit: 2 }),
        numbered(2, 4),
      );
      assert.deepEqual(
        await store.listTags(REGION, key.keyId, { after: 'tag 003', limit: 2 }),
        numbered(4, 5),
      );
    });

    test('are never more than allowed, and then none is stored', async (store) => {
      const key = someKey();
      await store.insertKey(key, numbered(0, 48));
      const list = () => store.listTags(REGION, key.keyId, ALL);
      const overwritten = { Key: 'tag 000', Value: 'another' };
      assert.equal(await store.putTags(REGION, key.keyId, [overwritten, ...numbered(48, 51)], 50), false);
      assert.deepEqual(await list(), numbered(0, 48));
      assert.equal(await store.putTags(REGION, key.keyId, [overwritten, ...numbered(48, 50)], 50), true);
      assert.deepEqual(await list(), [overwritten, ...numbered(1, 50)]);
      assert.equal(await store.putTags(REGION, key.keyId, numbered(0, 50), 50), true);
      assert.deepEqual(await list(), numbered(0, 50));
    });

    test('put at once do not pass the limit together', async (store) => {
      const key = someKey();
      await store.insertKey(key, []);
      const puts = [numbered(0, 30), numbered(30, 60)].map((some) =>
        store.putTags(REGION, key.keyId, some, 50),
      );
      assert.deepEqual((await Promise.all(puts)).sort(), [false, true]);
      assert.equal((await store.listTags(REGION, key.keyId, ALL)).length, 30);
    });
  });

  describe(`${name}: replicas`, () => {
    const primary = someKey({ replication: somePrimary({ 'us-west-2': 'IN_PROGRESS' }) });
    const synchronized = { ...primary, replication: somePrimary({ 'us-west-2': 'SYNCHRONIZED' }) };
    const { keyId } = primary;
    const replica = someKey({ keyId, region: 'us-west-2', replication: SOME_REPLICA, revision: 0 });
    const both = async (store: Store) =>
      [await store.findKey(REGION, keyId), await store.findKey('us-west-2', keyId)].map(present);

    test('are stored together with their primary, changed and retired', async (store) => {
      await store.insertKey(primary, []);
      await store.insertReplica(replica, synchronized);
      assert.deepEqual(await both(store), [present({ ...synchronized, revision: 2 }), present(replica)]);

      await store.insertAlias(someAlias({ region: 'us-west-2', keyId }));
      await store.insertAlias(someAlias({ keyId }));
      const stopped = { ...synchronized, enabled: false, revision: 2 };
      await store.replaceReplica({ ...replica, enabled: false }, stopped);
      assert.deepEqual(await both(store), [
        present({ ...stopped, revision: 3 }),
        present({ ...replica, enabled: false, revision: 1 }),
      ]);

      const gone = { ...replica, state: 'DELETE_COMPLETE', sealed: undefined, revision: 1 } as const;
      await store.retireReplica(gone, { ...primary, replication: undefined, revision: 3 });
      assert.deepEqual(await both(store), [
        present({ ...primary, replication: undefined, revision: 4 }),
        present({ ...gone, revision: 2 }),
      ]);
      assert.equal((await store.findAlias('us-west-2', 'alias/kek'))?.keyId, undefined);
      assert.equal((await store.findAlias(REGION, 'alias/kek'))?.keyId, keyId);
    });

    test('are not stored, nor their primary, when either is of another revision or there already', async (store) => {
      await store.insertKey(primary, []);
      const old = { ...synchronized, revision: 0 };
      await assert.rejects(store.insertReplica(replica, old), StaleRecordError);
      assert.equal(await store.findKey('us-west-2', keyId), undefined);
      await store.insertKey(replica, []);
      const before = await both(store);
      await assert.rejects(store.insertReplica(replica, synchronized), DuplicateRecordError);
      const changed = { ...replica, enabled: false };
      for (const change of [store.replaceReplica, store.retireReplica]) {
        await assert.rejects(change(changed, old), StaleRecordError);
        await assert.rejects(change({ ...changed, revision: 1 }, synchronized), StaleRecordError);
      }
      assert.deepEqual(await both(store), before);
    });

    test('that are to be written or destroyed are found by their primaries, of every region', async (store) => {
      const waiting = [
        someKey({ region: 'eu-central-1', replication: somePrimary({ 'us-west-2': 'IN_PROGRESS' }) }),
        someKey({
          replication: somePrimary({ 'us-west-2': 'SYNCHRONIZED', 'eu-west-1': 'DELETE_IN_PROGRESS' }),
          state: 'DELETE_COMPLETE',
        }),
      ];
      const others = [
        someKey(),
        someKey({ replication: SOME_REPLICA }),
        someKey({ replication: somePrimary({ 'us-west-2': 'SYNCHRONIZED', 'eu-west-1': 'FAILED' }) }),
      ];
      for (const key of [...waiting.toReversed(), ...others]) await store.insertKey(key, []);
      assert.deepEqual((await store.keysToReplicate()).map(present), waiting.map(present));
      for (const key of waiting) await store.replaceKey({ ...key, replication: undefined });
      assert.deepEqual(await store.keysToReplicate(), []);
      await store.replaceKey({ ...others[0]!, replication: somePrimary({ 'us-west-2': 'IN_PROGRESS' }) });
      assert.equal((await store.keysToReplicate()).length, 1);
    });
  });

  describe(`${name}: default regions`, () => {
    test('are added once, listed in order, removed, and each region has its own', async (store) => {
      const list = (region = REGION) => store.listDefaultRegions(region);
      assert.deepEqual(await list(), []);
      assert.equal(await store.addDefaultRegions(REGION, ['us-west-2', 'eu-west-1'], 9), true);
      assert.equal(await store.addDefaultRegions(REGION, ['us-west-2', 'ap-south-1'], 9), true);
      assert.deepEqual(await list(), ['ap-south-1', 'eu-west-1', 'us-west-2']);
      assert.deepEqual(await list('us-west-2'), []);
      await store.addDefaultRegions('us-west-2', ['eu-west-1'], 9);
      await store.removeDefaultRegions(REGION, ['eu-west-1', 'not-there-1']);
      assert.deepEqual(await list(), ['ap-south-1', 'us-west-2']);
      assert.deepEqual(await list('us-west-2'), ['eu-west-1']);
    });

    test('are never more than allowed, and then none is stored', async (store) => {
      assert.equal(await store.addDefaultRegions(REGION, ['us-west-1', 'us-west-2'], 2), true);
      assert.equal(await store.addDefaultRegions(REGION, ['us-west-3'], 2), false);
      assert.equal(await store.addDefaultRegions(REGION, ['us-west-1'], 2), true);
      assert.deepEqual(await store.listDefaultRegions(REGION), ['us-west-1', 'us-west-2']);
    });
  });

  describe(`${name}: tokens`, () => {
    test('come back with every field as stored', async (store) => {
      const token = someToken();
      await store.insertToken(token);
      assert.deepEqual(await store.findToken(REGION, token.tokenId), token);
      assert.equal(await store.findToken('eu-central-1', token.tokenId), undefined);
      await assert.rejects(store.insertToken(token), DuplicateRecordError);
    });

    test('are found by kind, the newest first', async (store) => {
      const latest = () => store.latestToken(REGION, 'IMPORT', 'TR34_KEY_BLOCK', 'RSA_3072');
      assert.equal(await latest(), undefined);
      const newest = someToken({ createdAt: 3000 });
      await store.insertToken(someToken({ createdAt: 2000 }));
      await store.insertToken(newest);
      await store.insertToken(someToken({ createdAt: 1000 }));
      await store.insertToken(someToken({ createdAt: 9000, region: 'eu-central-1' }));
      await store.insertToken(someToken({ createdAt: 9000, purpose: 'EXPORT' }));
      await store.insertToken(someToken({ createdAt: 9000, materialType: 'KEY_CRYPTOGRAM' }));
      await store.insertToken(someToken({ createdAt: 9000, keyAlgorithm: 'RSA_4096' }));
      assert.deepEqual(await latest(), newest);
    });

    test('go once they have expired, in every region', async (store) => {
      const [valid, last] = [someToken({ validUntil: 2000 }), someToken({ validUntil: 1001 })];
      const expired = [
        someToken({ validUntil: 999 }),
        someToken({ validUntil: 1000, region: 'eu-central-1' }),
        someToken({ validUntil: 1, purpose: 'EXPORT' }),
      ];
      for (const token of [valid, last, ...expired]) await store.insertToken(token);
      await store.deleteExpiredTokens(1000);
      for (const { region, tokenId } of expired) {
        assert.equal(await store.findToken(region, tokenId), undefined);
      }
      for (const token of [valid, last]) {
        assert.deepEqual(await store.findToken(REGION, token.tokenId), token);
      }
    });
  });

  describe(`${name}: authorities`, () => {
    test('come back with every field as stored, the highest generation of a region', async (store) => {
      assert.equal(await store.latestAuthority(REGION), undefined);
      const second = someAuthority({ generation: 2, createdAt: 1 });
      await store.insertAuthority(second);
      await store.insertAuthority(someAuthority({ generation: 1, createdAt: 9 }));
      await store.insertAuthority(someAuthority({ generation: 3, region: 'eu-central-1' }));
      assert.deepEqual(await store.latestAuthority(REGION), second);
      assert.equal(await store.latestAuthority('us-west-1'), undefined);
    });

    test('have one of each generation, also when two are stored at once', async (store) => {
      const both = [someAuthority({ certificate: 'one' }), someAuthority({ certificate: 'other' })];
      const outcomes = await Promise.allSettled(both.map((authority) => store.insertAuthority(authority)));
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const rejected = outcomes.find((outcome) => outcome.status === 'rejected')!;
      assert.ok(rejected.reason instanceof DuplicateRecordError);
      const kept = both[outcomes.findIndex(({ status }) => status === 'fulfilled')];
      assert.deepEqual(await store.latestAuthority(REGION), kept);
    });
  });

  describe(`${name}: transfers`, () => {
    test('come back by key and by counterpart, one each, with the time that they first happened', async (store) => {
      const [key, other] = [someKey(), someKey()];
      for (const one of [key, other]) await store.insertKey(one, []);
      const { keyId } = key;
      const first = someTransfer({ keyId });
      const terminal = { keyId, counterpart: first.counterpart, ksn: 'FFFF9876543210E00000' };
      const initial = someTransfer({ ...terminal, firstAt: 2 });
      const partner = { counterpart: 'certificate/AB', party: 'CN=partner' };
      const elsewhere = someTransfer({ keyId: other.keyId, way: 'Tr34KeyBlock', ...partner });
      for (const transfer of [first, initial, elsewhere, { ...first, firstAt: 9 }]) {
        await store.recordTransfer(transfer);
      }
      assert.deepEqual(await store.transfersOf(REGION, keyId), [first, initial]);
      assert.deepEqual(await store.transfersUnder(REGION, first.counterpart), [first, initial]);
      assert.deepEqual(await store.transfersUnder(REGION, partner.counterpart), [elsewhere]);
      assert.deepEqual(await store.transfersOf('eu-central-1', keyId), []);
      assert.deepEqual(await store.transfersUnder('eu-central-1', first.counterpart), []);
    });

    test('are stored with the key that came in, or not at all', async (store) => {
      const key = someKey();
      const transfer = someTransfer({ keyId: key.keyId, direction: 'IN' });
      await store.insertKey(key, [], { transfer });
      assert.deepEqual(await store.transfersOf(REGION, key.keyId), [transfer]);
      await assert.rejects(store.insertKey(key, [], { transfer: { ...transfer, ksn: 'other' } }));
      assert.deepEqual(await store.transfersOf(REGION, key.keyId), [transfer]);
    });
  });

  approvalContract(name, test);
  fleetContract(name, test);
  rotationContract(name, test);

  describe(`${name}: changes`, () => {
    test('of what caches keep are counted, and told; others are not', async (store) => {
      const [key, replica] = [someKey(), someKey({ region: 'eu-central-1' })];
      const { region, keyId } = key;
      const alias = someAlias();
      let told = 0;
      store.onChange(() => {
        told += 1;
      });
      const changes: [string, () => Promise<unknown>][] = [
        ['insertKey', () => store.insertKey(key, [])],
        ['replaceKey', () => store.replaceKey(key)],
        ['insertReplica', () => store.insertReplica(replica, { ...key, revision: 2 })],
        ['replaceReplica', () => store.replaceReplica(replica, { ...key, revision: 3 })],
        ['insertAlias', () => store.insertAlias(alias)],
        ['replaceAlias', () => store.replaceAlias({ ...alias, keyId })],
        ['putTags', () => store.putTags(region, keyId, [{ Key: 'a', Value: '1' }], 50)],
        ['removeTags', () => store.removeTags(region, keyId, ['a'])],
        ['putResourcePolicy', () => store.putResourcePolicy(region, keyId, '{}')],
        ['removeResourcePolicy', () => store.removeResourcePolicy(region, keyId)],
        ['deleteAlias', () => store.deleteAlias(region, alias.aliasName)],
        ['retireReplica', () => store.retireReplica({ ...replica, revision: 2 }, { ...key, revision: 4 })],
        ['retireKey', () => store.retireKey({ ...key, revision: 5 })],
        ['insertAccessKey', () => store.insertAccessKey(someAccessKey())],
      ];
      for (const [change, make] of changes) {
        const [count, before] = [await store.changeCount(), told];
        await make();
        assert.ok((await store.changeCount()) > count, change);
        assert.ok(told > before, change);
      }
      const [count, before] = [await store.changeCount(), told];
      await store.insertToken(someToken());
      await store.findKey(region, keyId);
      await store.recordTransfer(someTransfer({ keyId }));
      assert.deepEqual([await store.changeCount(), told], [count, before]);
    });
  });

  describe(`${name}: readiness`, () => {
    it('answers while the store is open, and fails once it is closed', async () => {
      const store = await open();
      await store.ping();
      await store.close();
      await assert.rejects(store.ping());
    });
  });
}
