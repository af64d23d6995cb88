import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { claimTerminals, LEASE_TIME } from '../../src/fleet/claim.ts';
import { listIncidents } from '../../src/fleet/incidents.ts';
import { createProfile } from '../../src/fleet/profiles.ts';
import { describeRun } from '../../src/fleet/runs.ts';
import {
  assignKek,
  decommissionTerminal,
  listTerminals,
  releaseTerminal,
} from '../../src/fleet/terminals.ts';
import type { Device } from './device.ts';
import { Agent, DEVICE, Fleet, refusalOf } from './fleet.ts';

async function start(t: TestContext, terminals = 2) {
  const fleet = new Fleet(t);
  const devices = await fleet.setUp(
    [await fleet.key('PIN', 'TDES_2KEY', 'FFFF987654', 'DUKPT-0')],
    terminals,
  );
  return { fleet, devices, runId: await fleet.start() };
}

async function incidentsOf({ fleet }: Fleet): Promise<string[]> {
  const { incidents } = (await listIncidents({}, fleet)) as { incidents: { kind: string; serial: string }[] };
  return incidents.map(({ kind, serial }) => `${kind} ${serial}`).sort();
}

async function stateOf({ fleet }: Fleet, serial: string): Promise<string> {
  const { terminals } = await listTerminals({}, fleet);
  return terminals.find((terminal) => terminal.serial === serial)!.state;
}

suite('an agent', () => {
  test('that has a terminal which nobody registered is refused, and it is recorded (PCI PIN, 30-3)', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const stranger = fleet.device('X-0666');
    const agent = new Agent(fleet, runId, [...devices, stranger]);
    const { tasks, refused } = await agent.claim();
    assert.deepEqual(
      refused.map(({ serial, reason }) => `${reason} ${serial}`),
      ['UNKNOWN_SERIAL X-0666'],
    );
    assert.equal(tasks.length, 2);
    assert.deepEqual(await incidentsOf(fleet), ['UNKNOWN_SERIAL X-0666']);
    await agent.claim();
    const [incident] = (await listIncidents({}, fleet.fleet)).incidents as { count: number }[];
    assert.equal(incident!.count, 2);
  });

  test('cannot ask for the block of a terminal that it has not leased', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const agent = new Agent(fleet, runId, [devices[0]!]);
    await agent.claim();
    const { blocks, refused } = await agent.export([
      { serial: devices[1]!.serial, purpose: 'PIN', slot: 'DUKPT-0', state: 'WAITING' },
    ]);
    assert.deepEqual(blocks, []);
    assert.equal(refused[0]!.code, 'STALE_LEASE');
    assert.deepEqual(await incidentsOf(fleet), ['STALE_LEASE T-0001']);
  });

  test('serves no terminal that another one serves', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const [one, other] = [new Agent(fleet, runId, devices), new Agent(fleet, runId, devices, 'agent-2')];
    assert.equal((await one.claim()).tasks.length, 2);
    const { tasks, refused } = await other.claim();
    assert.deepEqual(tasks, []);
    assert.deepEqual([...new Set(refused.map(({ reason }) => reason))], ['LATER']);
  });

  test('with a stale lease gets no block, and its report is not taken', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    const [slow, quick] = [new Agent(fleet, runId, devices), new Agent(fleet, runId, devices, 'agent-2')];
    await slow.claim();
    const { blocks } = await slow.export();
    fleet.time += LEASE_TIME + 1;
    const { tasks } = await quick.claim();
    assert.equal(tasks[0]!.state, 'EXPORTED');
    assert.equal((await slow.export()).refused[0]!.code, 'STALE_LEASE');
    slow.load(blocks[0]!);
    const late = await slow.report([slow.loaded(blocks[0]!)]);
    assert.equal(late.refused[0]!.code, 'STALE_LEASE');
    assert.deepEqual(late.receipts, []);
    assert.deepEqual(await incidentsOf(fleet), ['STALE_LEASE T-0000']);
    // The second agent finds the key in the terminal and proves it.
    const { serial, purpose, challenge } = tasks[0]!;
    const { receipts } = await quick.report([quick.loaded({ serial, purpose, challenge: challenge! })]);
    assert.equal(receipts[0]!.receipt.agent, 'agent-2');
  });

  test('whose lease ended while nobody else came may go on', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    fleet.time += 2 * LEASE_TIME;
    agent.load(blocks[0]!);
    assert.equal((await agent.report([agent.loaded(blocks[0]!)])).receipts.length, 1);
  });

  test('that repeats its report, because the answer was lost, gets the same receipt', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    agent.load(blocks[0]!);
    const report = [agent.loaded(blocks[0]!)];
    const first = await agent.report(report);
    fleet.time += 1000;
    assert.deepEqual(await agent.report(report), first);
  });
});

suite('a terminal goes into quarantine', () => {
  async function assertQuarantined(fleet: Fleet, serial: string, kind: string): Promise<void> {
    assert.equal(await stateOf(fleet, serial), 'QUARANTINED');
    assert.deepEqual(await incidentsOf(fleet), [`${kind} ${serial}`]);
  }

  test('when it is another one than it says: its KEK is not the one of the inventory', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const swapped = fleet.device(devices[0]!.serial, devices[1]!.kek);
    const agent = new Agent(fleet, runId, [swapped]);
    const { tasks, refused } = await agent.claim();
    assert.deepEqual(tasks, []);
    assert.equal(refused[0]!.reason, 'KEK_MISMATCH');
    await assertQuarantined(fleet, swapped.serial, 'KEK_MISMATCH');
    assert.equal((await agent.claim()).refused[0]!.reason, 'QUARANTINED');
  });

  test('when it answers with the check value of another', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    for (const block of blocks) agent.load(block);
    const [mine, others] = blocks.map((block) => agent.loaded(block));
    assert.ok(mine && 'loaded' in mine && others && 'loaded' in others);
    const swapped = { ...mine, loaded: { ...mine.loaded, checkValue: others.loaded.checkValue! } };
    const { receipts, refused } = await agent.report([swapped, others]);
    assert.equal(receipts[0]!.serial, others.serial);
    assert.equal(refused[0]!.code, 'QUARANTINED');
    await assertQuarantined(fleet, mine.serial, 'KEY_MISMATCH');
    assert.deepEqual((await describeRun(runId, fleet.fleet)).keys, { CANCELLED: 1, DONE: 1 });
  });

  test('when it answers with the KSN and the PIN block of another', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    for (const block of blocks) agent.load(block);
    const [mine, others] = blocks.map((block) => agent.loaded(block));
    assert.ok(mine && 'loaded' in mine && others && 'loaded' in others);
    await agent.report([{ ...mine, loaded: { ...mine.loaded, proof: others.loaded.proof } }]);
    await assertQuarantined(fleet, mine.serial, 'PROOF_FAILED');
  });

  test('when its proof is of a PIN that nobody asked for', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    agent.load(blocks[0]!);
    const wrong = { ...blocks[0]!, challenge: { ...blocks[0]!.challenge, input: '123456789012' } };
    assert.equal((await agent.report([agent.loaded(wrong)])).refused[0]!.code, 'QUARANTINED');
    await assertQuarantined(fleet, devices[0]!.serial, 'PROOF_FAILED');
  });

  test('when a proof that was given under another lease is replayed', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    agent.load(blocks[0]!);
    const old = agent.loaded(blocks[0]!);
    fleet.time += LEASE_TIME + 1;
    await agent.claim();
    assert.equal((await agent.report([old])).refused[0]!.code, 'QUARANTINED');
    await assertQuarantined(fleet, devices[0]!.serial, 'PROOF_FAILED');
  });

  test('and gets keys again once somebody has released it and it shows its KEK', async (t) => {
    const { fleet, devices, runId } = await start(t, 1);
    await new Agent(fleet, runId, [fleet.device(devices[0]!.serial, '00'.repeat(16))]).claim();
    await releaseTerminal(devices[0]!.serial, fleet.fleet);
    const { setRunState } = await import('../../src/fleet/runs.ts');
    await setRunState({ runId, state: 'OPEN' }, fleet.fleet);
    assert.equal((await new Agent(fleet, runId, devices).serve()).receipts.length, 1);
    assert.equal(await stateOf(fleet, devices[0]!.serial), 'LOADED');
  });
});

suite('no terminal gets what is not for it', () => {
  test('a block of another terminal does not open', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const agent = new Agent(fleet, runId, devices);
    await agent.claim();
    const { blocks } = await agent.export();
    assert.throws(() =>
      devices[1]!.load('DUKPT-0', blocks.find(({ serial }) => serial === devices[0]!.serial)!.block),
    );
  });

  /** ExportKey by hand, under the KEK of a terminal. */
  async function exportTo(fleet: Fleet, device: Device, key: string, ksn?: string) {
    const { terminals } = await listTerminals({}, fleet.fleet);
    const { kek } = terminals.find(({ serial }) => serial === device.serial)!;
    return fleet.refusal('ExportKey', {
      ExportKeyIdentifier: key,
      KeyMaterial: { Tr31KeyBlock: { WrappingKeyIdentifier: kek! } },
      ...(ksn && { ExportAttributes: { ExportDukptInitialKey: { KeySerialNumber: ksn } } }),
    });
  }

  test('no BDK, KEK of another terminal, or initial key of another one goes out under its KEK', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const bdk = await exportTo(fleet, devices[0]!, fleet.bdks.get('TDES_2KEY')!);
    assert.equal(bdk.code, 'ConflictException');
    assert.match(bdk.message, /KEK of terminal T-0000.*base derivation key never leaves/);
    const { terminals } = await listTerminals({}, fleet.fleet);
    const kek = await exportTo(fleet, devices[0]!, terminals[1]!.kek!);
    assert.match(kek.message, /is the KEK of terminal T-0001/);
    const agent = new Agent(fleet, runId, [devices[1]!]);
    await agent.claim();
    const { blocks } = await agent.export();
    const key = await exportTo(fleet, devices[0]!, fleet.bdks.get('TDES_2KEY')!, blocks[0]!.ksn);
    assert.match(key.message, /is of terminal T-0001/);
  });

  test('no profile names anything but a BDK', async (t) => {
    const fleet = new Fleet(t);
    const kek = await fleet.putKey({
      usage: 'TR31_K0_KEY_ENCRYPTION_KEY',
      algorithm: 'AES_128',
      mode: 'B',
      hex: '00112233445566778899AABBCCDDEEFF',
    });
    const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk: kek, keySetId: '12345678' } as const];
    const { message } = await refusalOf(createProfile({ name: 'bad', device: DEVICE, keys }, fleet.fleet));
    assert.match(message, /keys\[0\]\.bdk is a key of TR31_K0.*only initial keys/);
  });

  test('no two terminals share a KEK', async (t) => {
    const { fleet, devices } = await start(t);
    const { terminals } = await listTerminals({}, fleet.fleet);
    const attempt = assignKek({ serial: devices[1]!.serial, kek: terminals[0]!.kek! }, fleet.fleet);
    assert.match((await refusalOf(attempt)).message, /is the KEK of terminal T-0000/);
  });

  test('a decommissioned terminal gets nothing, its KEK goes, and its KSN is not given again', async (t) => {
    const { fleet, devices, runId } = await start(t);
    const { receipts } = await new Agent(fleet, runId, [devices[0]!]).serve();
    const gone = await decommissionTerminal({ serial: devices[0]!.serial, reason: 'sold' }, fleet.fleet);
    assert.equal(gone.state, 'DECOMMISSIONED');
    const { Key } = await fleet.call('GetKey', { KeyIdentifier: gone.kek! });
    assert.deepEqual([Key.Enabled, Key.KeyState], [false, 'DELETE_PENDING']);
    const again = await claimTerminals(
      {
        runId,
        agent: 'a',
        terminals: [{ serial: devices[0]!.serial, kekCheckValue: devices[0]!.kekCheckValue }],
      },
      fleet.fleet,
    );
    assert.equal(again.refused[0]!.reason, 'DECOMMISSIONED');
    const others = await new Agent(fleet, runId, [devices[1]!]).serve();
    assert.notEqual(others.receipts[0]!.receipt.ksn, receipts[0]!.receipt.ksn);
    // Once more changes nothing.
    assert.deepEqual(
      await decommissionTerminal({ serial: devices[0]!.serial, reason: 'sold' }, fleet.fleet),
      gone,
    );
  });
});
