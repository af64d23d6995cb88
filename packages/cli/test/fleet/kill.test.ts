import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRack, openSoftwareTerminal } from '@keywright/terminal';
import { FleetService } from './fleet-service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';
/** Terminals beside each of two agents. */
const RACKS = { A: 120, B: 120 };
const TERMINALS = RACKS.A + RACKS.B;

test('a run of two agents, whose agents and service are killed (SIGKILL) in the middle, loses and doubles no key', async (t) => {
  const service = await FleetService.start(t);
  const bdk = await service.importKey('B0', 'T', 'X', BDK);
  await service.setUp(bdk, 'FFFF987654', RACKS);
  const runId = await service.start();
  const agent = (rack: string) =>
    [
      'inject',
      '--run',
      runId,
      '--rack',
      service.path(`${rack}.rack`),
      '--lease',
      '2',
      '--agent',
      `agent-${rack}`,
    ] as const;

  // One agent dies in the middle of its work.
  const first = service.spawn(...agent('A'), '--parallel', '20');
  await service.untilDone(runId, 10);
  await service.kill(first);
  const before = await service.report(runId);
  assert.ok(
    before.some(({ state }) => state !== 'DONE'),
    'it was done before it was killed',
  );

  // Both go on, and the service dies under them.
  const agents = Promise.all(['A', 'B'].map((rack) => service.run(...agent(rack), '--parallel', '20')));
  await service.untilDone(runId, before.filter(({ state }) => state === 'DONE').length + 40);
  await service.kill();
  await service.serve();
  for (const { status, output } of await agents) assert.equal(status, 0, output);

  const keys = await service.report(runId);
  assert.equal(keys.length, TERMINALS);
  for (const key of keys) assert.equal(key.state, 'DONE', JSON.stringify(key));
  assert.equal(new Set(keys.map(({ ksn }) => ksn)).size, TERMINALS);
  assert.deepEqual((await service.fleet.get<{ incidents: object[] }>('/incidents')).incidents, []);

  const receipts = new Map(keys.map(({ serial, receipt }) => [serial, receipt!]));
  for (const name of Object.keys(RACKS)) {
    using rack = openRack(service.path(`${name}.rack`));
    for (const serial of rack.serials()) {
      await using terminal = openSoftwareTerminal({ store: rack.store(serial), pinRate: 'unlimited' });
      const { ksn, checkValue, agent: by } = receipts.get(serial)!;
      assert.equal(by, `agent-${name}`);
      assert.equal(await terminal.getKeyCheckValue('DUKPT-0'), checkValue);
      const used = await service.assertPinArrives(terminal, bdk);
      assert.equal(BigInt(`0x${used}`) >> 21n, BigInt(`0x${ksn}`) >> 21n);
      assert.equal((await terminal.info()).loads, 2, 'a KEK and one initial key');
    }
  }
});
