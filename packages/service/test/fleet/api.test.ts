import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnService } from '../own-api/own-service.ts';
import { Device } from './device.ts';
import { DEVICE } from './fleet.ts';

// The fleet over HTTP: who may do what, what is asked of requests, and a run as an agent sees it.

const KEK_COMPONENTS = '00112233445566778899AABBCCDDEEFF';

async function bdkOf(service: OwnService): Promise<string> {
  const { body } = await service.aws('CreateKey', {
    KeyAttributes: {
      KeyUsage: 'TR31_B0_BASE_DERIVATION_KEY',
      KeyClass: 'SYMMETRIC_KEY',
      KeyAlgorithm: 'TDES_2KEY',
      KeyModesOfUse: { DeriveKey: true },
    },
    Exportable: true,
  });
  return body.Key.KeyArn;
}

test('profiles, groups and terminals are made by those who manage keys', async (t) => {
  const service = await OwnService.start(t);
  const manager = await (await service.person('mara', 'key-manager')).signIn();
  const custodian = await (await service.person('cleo', 'custodian')).signIn();
  const bdk = await bdkOf(service);
  const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk, keySetId: 'FFFF987654' }];
  const profile = { name: 'counter', device: DEVICE, keys };
  assert.equal((await service.own('POST', '/fleet/profiles', profile, custodian)).status, 403);
  // Keys are of a region; the administrator's access key signs for us-east-2 here.
  const made = await service.own('POST', '/fleet/profiles', profile, service.operator);
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.equal(made.body.keys[0].algorithm, 'TDES_2KEY');
  assert.equal(
    (await service.own('POST', '/fleet/profiles', profile, service.operator)).code,
    'ConflictException',
  );
  const wrong = await service.own('POST', '/fleet/profiles', { ...profile, keys: [] }, service.operator);
  assert.match(wrong.body.message, /keys must NOT have fewer than 1 items/);
  assert.equal((await service.own('GET', '/fleet/profiles', undefined, manager)).status, 200);
});

test('an import is whole or not at all, and each line that is wrong is told', async (t) => {
  const service = await OwnService.start(t);
  const own = (method: string, path: string, body?: object) =>
    service.own(method, path, body, service.operator);
  const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk: await bdkOf(service), keySetId: 'FFFF987654' }];
  await own('POST', '/fleet/profiles', { name: 'counter', device: DEVICE, keys });
  await own('POST', '/fleet/groups', { name: 'shops', profile: 'counter' });
  const bad = await own('POST', '/fleet/imports', {
    terminals: [
      { serial: 'A-1', group: 'shops' },
      { serial: 'A-2', group: 'nowhere' },
      { serial: 'A-3', group: 'shops', kek: 'alias/none' },
    ],
  });
  assert.deepEqual(
    bad.body.problems.map(({ index }: { index: number }) => index),
    [1, 2],
  );
  assert.match(bad.body.problems[0].problem, /there is no group nowhere/);
  assert.match(bad.body.problems[1].problem, /alias\/none was not found/);
  await own('POST', `/fleet/imports/${bad.body.importId}/commit`, {});
  assert.deepEqual((await own('GET', '/fleet/terminals')).body.terminals, []);

  const first = await own('POST', '/fleet/imports', { terminals: [{ serial: 'A-1', group: 'shops' }] });
  const { importId } = first.body;
  const second = await own('POST', '/fleet/imports', {
    importId,
    terminals: [{ serial: 'A-2', group: 'shops' }],
  });
  assert.deepEqual(second.body.problems, []);
  assert.deepEqual((await own('GET', '/fleet/terminals')).body.terminals, []);
  await own('POST', `/fleet/imports/${importId}/commit`, {});
  const { terminals } = (await own('GET', '/fleet/terminals?group=shops&state=REGISTERED')).body;
  assert.deepEqual(
    terminals.map(({ serial }: { serial: string }) => serial),
    ['A-1', 'A-2'],
  );
  const again = await own('POST', '/fleet/imports', { terminals: [{ serial: 'A-1', group: 'shops' }] });
  assert.equal(again.body.unchanged, 1);
  const page = (await own('GET', '/fleet/terminals?maxResults=1')).body;
  const next = (await own('GET', `/fleet/terminals?maxResults=1&nextToken=${page.nextToken}`)).body;
  assert.equal(next.terminals[0].serial, 'A-2');
});

test('a run, as an agent over HTTP sees it', async (t) => {
  const service = await OwnService.start(t);
  const done = (method: string, path: string, body?: object) =>
    service.done(method, path, body, service.operator);
  const keys = [{ purpose: 'PIN', slot: 'DUKPT-0', bdk: await bdkOf(service), keySetId: 'FFFF987654' }];
  await done('POST', '/fleet/profiles', { name: 'counter', device: DEVICE, keys });
  await done('POST', '/fleet/groups', { name: 'shops', profile: 'counter' });
  const { importId } = await done('POST', '/fleet/imports', {
    terminals: [{ serial: 'A-1', group: 'shops' }],
  });
  await done('POST', `/fleet/imports/${importId}/commit`, {});
  const { runId } = await done('POST', '/fleet/runs', { group: 'shops' });
  const device = new Device('A-1', KEK_COMPONENTS);
  const terminals = [{ serial: device.serial, kekCheckValue: device.kekCheckValue }];
  const claim = { agent: 'bench-1', terminals };
  const early = await done('POST', `/fleet/runs/${runId}/claims`, claim);
  assert.equal(early.refused[0].reason, 'NO_KEK');
  assert.deepEqual((await done('GET', `/fleet/runs/${runId}`)).keys, { WAITING: 1 });
  const stale = await done('POST', `/fleet/runs/${runId}/blocks`, {
    lease: early.lease,
    tasks: [{ serial: 'A-1', purpose: 'PIN' }],
  });
  assert.equal(stale.refused[0].code, 'STALE_LEASE');
  const { incidents } = await done('GET', '/fleet/incidents');
  assert.equal(incidents[0].kind, 'STALE_LEASE');
  await done('POST', `/fleet/runs/${runId}/stop`, {});
  const stopped = await service.own('POST', `/fleet/runs/${runId}/claims`, claim, service.operator);
  assert.match(stopped.body.message, /is stopped: resume it first/);
});
