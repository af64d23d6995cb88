import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SealedRow, SealedTable } from '../../src/store/custody-store.ts';
import type { Store } from '../../src/store/store.ts';
import { someAccessKey } from './approval-contract.ts';
import { newKeyId, present, someAuthority, someKey, someToken } from './records.ts';

const OTHER = Uint8Array.of(9, 9, 9);

/** Every row of a table, three a page. */
async function readAll<Table extends SealedTable>(store: Store, table: Table): Promise<SealedRow<Table>[]> {
  const rows: SealedRow<Table>[] = [];
  for (;;) {
    const page = await store.custody.listSealed(table, { after: rows.at(-1)?.position, limit: 3 });
    rows.push(...page);
    if (page.length < 3) return rows;
  }
}

/** What every store must do with sealed bytes, settings and main keys that retire. */
export function sealedContract(name: string, open: () => Promise<Store>): void {
  const test = (title: string, body: (store: Store) => Promise<void>) =>
    it(title, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });

  describe(`${name}: sealed bytes`, () => {
    test('of every kind are listed in order, a page after the other, and those that are gone are not', async (store) => {
      const regions = [
        'us-east-1',
        'eu-west-1',
        'us-east-1',
        'ap-south-1',
        'eu-west-1',
        'us-east-1',
        'eu-west-1',
      ];
      for (const region of regions) await store.insertKey(someKey({ region, keyId: newKeyId() }), []);
      await store.insertKey({ ...someKey(), sealed: undefined }, []);
      const rows = await readAll(store, 'keys');
      const places = rows.map(({ position }) => position.join(' '));
      assert.equal(rows.length, regions.length);
      assert.deepEqual(places, places.toSorted());
      for (const { record, sealed, position } of rows) {
        assert.deepEqual([record.region, record.keyId], position);
        assert.deepEqual(present(record), present(await store.findKey(record.region, record.keyId)));
        assert.deepEqual(Buffer.from(sealed), Buffer.from(record.sealed!));
      }
    });

    test('are replaced where they are still the ones before', async (store) => {
      const [first, second] = [someKey({ keyId: newKeyId() }), someKey({ keyId: newKeyId() })];
      for (const key of [first, second]) await store.insertKey(key, []);
      await store.insertToken(someToken());
      await store.insertAuthority(someAuthority());
      await store.insertAccessKey(someAccessKey());
      for (const table of ['keys', 'tokens', 'authorities', 'access_keys'] as const) {
        const rows = await readAll(store, table);
        assert.ok(rows.length > 0, table);
        const [changed, ...others] = rows as [SealedRow<SealedTable>, ...SealedRow<SealedTable>[]];
        await store.custody.reseal([
          { table, position: changed.position, before: changed.sealed, after: OTHER },
          ...others.map(({ position }) => ({ table, position, before: Uint8Array.of(1), after: OTHER })),
        ]);
        const sealed = (await readAll(store, table)).map((row) => Buffer.from(row.sealed).toString('hex'));
        assert.deepEqual(sealed, ['090909', ...others.map((row) => Buffer.from(row.sealed).toString('hex'))]);
      }
      // The revision stands: a change that was begun before is not refused because of it.
      await store.replaceKey({ ...first, enabled: false });
    });
  });

  describe(`${name}: settings and main keys`, () => {
    test('a setting is the first that it was set to', async (store) => {
      assert.equal(await store.custody.settleSetting('environment', 'production'), 'production');
      assert.equal(await store.custody.settleSetting('environment', 'test'), 'production');
      assert.equal(await store.custody.settleSetting('other', 'test'), 'test');
    });

    test('one main key retires at a time', async (store) => {
      assert.equal(await store.custody.findRetiringMainKey(), undefined);
      await store.custody.putRetiringMainKey({ mainKeyId: 'aa', kind: 'pkcs11', parameters: '{}' });
      const record = { mainKeyId: 'bb', kind: 'file', wrapped: Uint8Array.of(1, 2) };
      await store.custody.putRetiringMainKey(record);
      assert.deepEqual(present(await store.custody.findRetiringMainKey()), record);
      await store.custody.removeRetiringMainKey();
      assert.equal(await store.custody.findRetiringMainKey(), undefined);
    });
  });
}
