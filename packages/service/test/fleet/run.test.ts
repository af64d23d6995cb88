import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { describeRun } from '../../src/fleet/runs.ts';
import { listTerminals } from '../../src/fleet/terminals.ts';
import { Agent, Fleet } from './fleet.ts';

suite('a run', () => {
  test('puts every key of the profile into every terminal, proves it and gives a receipt', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp(
      [
        await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0'),
        await fleet.key('DATA', 'TDES_2KEY', 'FFFF987655', 'DUKPT-1'),
        await fleet.key('MAC', 'TDES_2KEY', 'FFFF987656', 'DUKPT-2'),
      ],
      3,
    );
    const runId = await fleet.start();
    const { receipts, refused } = await new Agent(fleet, runId, devices).serve();
    assert.deepEqual(refused, []);
    assert.equal(receipts.length, 9);
    assert.equal(new Set(receipts.map(({ receipt }) => receipt.ksn)).size, 9);
    for (const { receipt } of receipts) {
      assert.equal(receipt.keyVersion, '01');
      assert.match(receipt.blockHash, /^[0-9A-F]{64}$/);
      assert.equal(receipt.agent, 'agent-1');
    }
    assert.deepEqual((await describeRun(runId, fleet.fleet)).keys, { DONE: 9 });
    const { terminals } = await listTerminals({ state: 'LOADED' }, fleet.fleet);
    assert.equal(terminals.length, 3);
  });

  test('does so with AES DUKPT', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp(
      [
        await fleet.key('PIN', 'AES_128', '12345678', 'DUKPT-0'),
        await fleet.key('DATA', 'AES_128', '12345679', 'DUKPT-1'),
        await fleet.key('MAC', 'AES_128', '1234567A', 'DUKPT-2'),
      ],
      1,
    );
    const { receipts, refused } = await new Agent(fleet, await fleet.start(), devices).serve();
    assert.deepEqual(refused, []);
    assert.deepEqual(receipts.map(({ receipt }) => receipt.ksn).sort(), [
      '123456780000000000000000',
      '123456790000000000000000',
      '1234567A0000000000000000',
    ]);
  });

  test('has nothing left to do when it is done', async (t) => {
    const fleet = new Fleet(t);
    const devices = await fleet.setUp([await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')], 1);
    const agent = new Agent(fleet, await fleet.start(), devices);
    await agent.serve();
    const { tasks, refused } = await agent.claim();
    assert.deepEqual(tasks, []);
    assert.deepEqual(
      refused.map(({ reason }) => reason),
      ['DONE'],
    );
  });
});
