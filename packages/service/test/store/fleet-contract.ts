import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { DuplicateRecordError } from '../../src/store/errors.ts';
import type {
  InjectionRecord,
  NewTerminal,
  ProfileRecord,
  RunRecord,
} from '../../src/store/fleet/fleet-store.ts';
import type { Store } from '../../src/store/store.ts';
import { someKey } from './records.ts';

const REGION = 'us-east-2';
const KEY_SET = 'FFFF987654';
const ALL = ['REGISTERED', 'BOOTSTRAPPED', 'LOADED'] as const;

function terminal(serial: string, kekKeyId?: string): NewTerminal {
  return { serial, groupName: 'shops', kekKeyId, kekCheckValue: kekKeyId && '0A1B2C', registeredAt: 5 };
}

/** A profile with one key, its group, and terminals that have shown their KEK. */
async function setUp({ fleet, insertKey }: Store, serials: readonly string[]) {
  const bdk = someKey();
  await insertKey(bdk, []);
  const key = {
    purpose: 'PIN',
    slot: 'DUKPT-0',
    bdkKeyId: bdk.keyId,
    algorithm: 'TDES_2KEY',
    keySetId: KEY_SET,
  } as const;
  const device = { model: 'generic-ped', policy: 'strict', kekSlot: 'KEK-0' };
  const profile: ProfileRecord = { region: REGION, name: 'counter', device, keys: [key], createdAt: 1 };
  const keySet = { keySetId: KEY_SET, region: REGION, bdkKeyId: bdk.keyId, next: 10, last: 12 };
  assert.equal(await fleet.insertProfile(profile, [keySet]), true);
  await fleet.insertGroup({ region: REGION, name: 'shops', profileName: 'counter', createdAt: 1 });
  await fleet.stageTerminals(
    REGION,
    'import',
    serials.map((serial) => terminal(serial)),
  );
  await fleet.commitImport(REGION, 'import');
  for (const serial of serials) {
    await fleet.moveTerminal({ region: REGION, serial, state: 'BOOTSTRAPPED', reason: undefined }, [
      'REGISTERED',
    ]);
  }
  const run: RunRecord = {
    region: REGION,
    runId: 'run',
    groupName: 'shops',
    profileName: 'counter',
    keyVersion: '01',
    startedBy: 'somebody',
    startedAt: 1,
    state: 'OPEN',
    interval: 0,
    nextAt: 1,
  };
  await fleet.insertRun(run, profile);
  return { profile, run, bdk };
}

function withKsn(from: InjectionRecord, ksn: string) {
  return { from, to: { ...from, state: 'ALLOCATED', ksn, updatedAt: 9 } as const };
}

type Test = (title: string, body: (store: Store) => Promise<void>) => void;

/** The part of the contract that is about fleets: what must hold whoever else asks at the same time. */
export function fleetContract(name: string, test: Test): void {
  describe(`${name}: fleets`, () => {
    test('numbers of a key set are taken once, and never more than there are', async (store) => {
      await setUp(store, []);
      const { fleet } = store;
      const taken = await Promise.all([1, 1, 2, 1].map((count) => fleet.takeNumbers(KEY_SET, count)));
      assert.deepEqual(taken.slice(0, 2), [10, 11]);
      assert.deepEqual([taken[2], taken[3]], [undefined, 12]);
      assert.equal(await fleet.takeNumbers(KEY_SET, 1), undefined);
    });

    test('a key set belongs to one BDK', async (store) => {
      const { profile, bdk } = await setUp(store, []);
      const other = someKey();
      await store.insertKey(other, []);
      const keySet = { keySetId: KEY_SET, region: REGION, bdkKeyId: other.keyId, next: 0, last: 9 };
      assert.equal(await store.fleet.insertProfile({ ...profile, name: 'other' }, [keySet]), false);
      assert.equal(await store.fleet.findProfile(REGION, 'other'), undefined);
      assert.equal((await store.fleet.findKeySet(KEY_SET))?.bdkKeyId, bdk.keyId);
    });

    test('an import is whole or not there', async (store) => {
      const { fleet } = store;
      await setUp(store, ['A']);
      await fleet.stageTerminals(REGION, 'second', [terminal('B'), terminal('A')]);
      await assert.rejects(fleet.commitImport(REGION, 'second'), DuplicateRecordError);
      assert.deepEqual(await fleet.findTerminals(REGION, ['B']), []);
    });

    test('a KEK is of one terminal', async (store) => {
      const { fleet } = store;
      await setUp(store, ['A', 'B']);
      const kek = someKey();
      await store.insertKey(kek, []);
      const given = {
        region: REGION,
        state: 'REGISTERED',
        kekKeyId: kek.keyId,
        kekCheckValue: '0A1B2C',
      } as const;
      assert.equal(await fleet.assignKek({ ...given, serial: 'A' }, ALL), true);
      await assert.rejects(fleet.assignKek({ ...given, serial: 'B' }, ALL), DuplicateRecordError);
      assert.equal(await fleet.findTerminalOfKek(REGION, kek.keyId), 'A');
      assert.equal((await fleet.findTerminals(REGION, ['B']))[0]?.kekKeyId, undefined);
    });

    test('a lease is one agent’s until it ends', async (store) => {
      const { fleet } = store;
      await setUp(store, ['A', 'B']);
      const lease = (token: string, until: number) => ({ token, agent: token, until });
      const mine = await fleet.leaseTerminals(REGION, ['A', 'B'], lease('one', 100), 50);
      assert.equal(mine.length, 2);
      assert.deepEqual(await fleet.leaseTerminals(REGION, ['A', 'B'], lease('two', 200), 99), []);
      assert.equal(await fleet.renewLease(REGION, 'one', 150, 99), 2);
      await fleet.releaseTerminals(REGION, ['B'], 'one');
      const theirs = await fleet.leaseTerminals(REGION, ['A', 'B'], lease('two', 200), 101);
      assert.deepEqual(
        theirs.map(({ serial }) => serial),
        ['B'],
      );
      assert.equal(await fleet.renewLease(REGION, 'one', 999, 151), 0);
    });

    test('a KSN is given once, and nothing is changed without the lease', async (store) => {
      const { fleet } = store;
      await setUp(store, ['A', 'B']);
      await fleet.leaseTerminals(REGION, ['A', 'B'], { token: 'one', agent: 'x', until: 100 }, 50);
      const [a, b] = await fleet.findInjections(REGION, 'run', ['A', 'B']);
      assert.equal(await fleet.giveKsns([withKsn(a!, 'K1')], 'another'), false);
      assert.equal(await fleet.giveKsns([withKsn(a!, 'K1')], 'one'), true);
      await assert.rejects(fleet.giveKsns([withKsn(b!, 'K1')], 'one'), DuplicateRecordError);
      assert.equal(await fleet.giveKsns([withKsn(a!, 'K2')], 'one'), false, 'it is not WAITING any more');
      assert.equal(await fleet.findTerminalOfKsn('K1'), 'A');
      assert.equal(await fleet.findTerminalOfKsn('K2'), undefined);
    });

    test('a terminal that has every key is loaded and free; one in quarantine is to get nothing', async (store) => {
      const { fleet } = store;
      await setUp(store, ['A', 'B']);
      await fleet.leaseTerminals(REGION, ['A', 'B'], { token: 'one', agent: 'x', until: 100 }, 50);
      const [a] = await fleet.findInjections(REGION, 'run', ['A']);
      assert.equal(await fleet.finishInjections([{ from: a!, to: { ...a!, state: 'DONE' } }], 'one'), true);
      const away = { region: REGION, serial: 'B', state: 'QUARANTINED', reason: 'odd' } as const;
      assert.equal(await fleet.moveTerminal(away, ALL), true);
      const [first, second] = await fleet.findTerminals(REGION, ['A', 'B']);
      assert.deepEqual(
        [first!.state, first!.lease, second!.state, second!.lease],
        ['LOADED', undefined, 'QUARANTINED', undefined],
      );
      assert.deepEqual(await fleet.countInjections(REGION, 'run'), [
        { state: 'CANCELLED', purpose: 'PIN', injections: 1 },
        { state: 'DONE', purpose: 'PIN', injections: 1 },
      ]);
      assert.equal(await fleet.setRunState(REGION, 'run', 'OPEN', 9), true);
      assert.equal((await fleet.findInjections(REGION, 'run', ['B']))[0]?.state, 'CANCELLED');
    });
  });
}
