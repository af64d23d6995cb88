import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LEASE_TIME } from '../../src/fleet/claim.ts';
import { createProfile } from '../../src/fleet/profiles.ts';
import { setRunState, startRun } from '../../src/fleet/runs.ts';
import { Agent, DEVICE, Fleet, refusalOf } from './fleet.ts';

suite('KSNs', () => {
  test('are given once each, whoever asks at the same time', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp([await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')], 24);
    const runId = await fleet.start();
    const agents = devices.map((device, i) => new Agent(fleet, runId, [device], `agent-${i}`));
    const answers = await Promise.all(agents.map((agent) => agent.serve()));
    const ksns = answers.flatMap(({ receipts }) => receipts.map(({ receipt }) => receipt.ksn));
    assert.equal(new Set(ksns).size, 24);
  });

  test('stay with a terminal whose block has not left, and are given up once it may have', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp([await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')], 1);
    const runId = await fleet.start();
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { store } = fleet.fleet;
    // The crash comes between the KSN and the block.
    const crash = t.mock.method(store.fleet, 'changeInjections', () => Promise.reject(new Error('crash')));
    await assert.rejects(agent.export(), /crash/);
    crash.mock.restore();
    const first = (await agent.export()).blocks[0]!;
    assert.equal(first.ksn, 'FFFF9876540000000000');
    // The answer was lost, and the terminal does not have the key.
    fleet.time += LEASE_TIME + 1;
    const { tasks } = await agent.claim();
    assert.equal(tasks[0]!.ksn, first.ksn);
    const second = (await agent.export()).blocks[0]!;
    assert.equal(second.ksn, 'FFFF9876540000200000');
    assert.notEqual(second.checkValue, first.checkValue);
    agent.load(second);
    assert.equal((await agent.report([agent.loaded(second)])).receipts.length, 1);
  });

  test('that are used up are said, and nothing is given', async (t) => {
    const fleet = new Fleet(t);
    const key = await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0');
    const devices = await fleet.setUp([{ ...key, firstNumber: 100, lastNumber: 101 }], 3);
    const agent = new Agent(fleet, await fleet.start(), devices);
    await agent.claim();
    const { message, code } = await refusalOf(agent.export());
    assert.equal(code, 'ConflictException');
    assert.match(message, /Key set FFFF987654 has 2 of its numbers left, and 3 are needed/);
    const { blocks } = await agent.export(agent.claimed!.tasks.slice(0, 2));
    assert.deepEqual(
      blocks.map(({ ksn }) => ksn),
      ['FFFF987654000C800000', 'FFFF987654000CA00000'],
    );
    assert.match(
      (await refusalOf(agent.export(agent.claimed!.tasks.slice(2)))).message,
      /has 0 of its numbers/,
    );
  });

  test('of a key set belong to one BDK for good', async (t) => {
    const fleet = new Fleet(t);
    await fleet.setUp([await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')], 1);
    const keys = [await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')];
    const { message } = await refusalOf(createProfile({ name: 'other', device: DEVICE, keys }, fleet.fleet));
    assert.match(message, /FFFF987654 belongs to another base derivation key/);
  });

  test('of two keys of a profile may come from the same key set', async (t) => {
    const fleet = new Fleet(t);
    const pin = await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0');
    const devices = await fleet.setUp([pin, { ...pin, purpose: 'DATA', slot: 'DUKPT-1' }], 2);
    const { receipts } = await new Agent(fleet, await fleet.start(), devices).serve();
    assert.equal(new Set(receipts.map(({ receipt }) => receipt.ksn)).size, 4);
  });

  test('are new in every rotation, and the key version goes up', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp([await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')], 1);
    const first = await fleet.start();
    const [loaded] = (await new Agent(fleet, first, devices).serve()).receipts;
    assert.match((await refusalOf(fleet.start())).message, /is open: stop it first/);
    await setRunState({ runId: first, state: 'STOPPED' }, fleet.fleet);
    const { runId, keyVersion } = await startRun({ group: 'shops' }, fleet.fleet);
    assert.equal(keyVersion, '02');
    const [rotated] = (await new Agent(fleet, runId, devices).serve()).receipts;
    assert.notEqual(rotated!.receipt.ksn, loaded!.receipt.ksn);
    await setRunState({ runId, state: 'STOPPED' }, fleet.fleet);
    const lower = startRun({ group: 'shops', keyVersion: '01' }, fleet.fleet);
    assert.match((await refusalOf(lower)).message, /keyVersion 01 is lower than the group had: use 03/);
  });
});
