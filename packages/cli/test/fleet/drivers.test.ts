import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { randomBytes, Secret, xor } from '@keywright/crypto';
import { MemoryStore, openSoftwareTerminal, type SoftwareTerminal } from '@keywright/terminal';
import { Pp791Device } from '@keywright/terminal/devices';
import { importTerminals } from '../../src/fleet/import-terminals.ts';
import { FleetService } from './fleet-service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';
const KEK = '19191919191919195B5B5B5B5B5B5B5B';

/** A PP791 that listens on TCP, with the software terminal of its profile behind the line. */
async function listen(t: TestContext, serial: string): Promise<{ at: string; terminal: SoftwareTerminal }> {
  const terminal = openSoftwareTerminal({
    store: new MemoryStore(serial),
    profile: 'uic-pp791',
    policy: 'compat:uic',
  });
  const second = randomBytes(16);
  for (const [i, part] of [xor(Buffer.from(KEK, 'hex'), second), second].entries()) {
    using component = Secret.take(part);
    const input = { algorithm: 'TDES', component, number: i + 1, of: 2 } as const;
    assert.ok((await terminal.loadKeyComponent('F', input)).ok);
  }
  const server = createServer((socket) => new Pp791Device(socket, terminal)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    server.close();
    await terminal[Symbol.asyncDispose]();
  });
  return { at: `127.0.0.1:${(server.address() as AddressInfo).port}`, terminal };
}

test('an agent loads and proves the key of a PP791 at a line, which tells no check value', async (t) => {
  const service = await FleetService.start(t);
  const bdk = await service.importKey('B0', 'T', 'X', BDK);
  const device = { model: 'uic-pp791', policy: 'compat:uic', kekSlot: 'F' };
  const keys = [{ purpose: 'PIN', slot: 'IPEK0', bdk, keySetId: 'FFFF987654' }];
  await service.fleet.send('POST', '/profiles', { name: 'pads', device, keys });
  await service.fleet.send('POST', '/groups', { name: 'shops', profile: 'pads' });
  const { at, terminal } = await listen(t, '79100001');
  const kek = await service.importKey('K0', 'T', 'B', KEK);
  writeFileSync(service.path('pads.csv'), `serial,group,kek\n79100001,shops,${kek}\n`);
  await importTerminals(service.fleet, service.path('pads.csv'));
  const runId = await service.start();
  const { status, output } = await service.run('inject', '--run', runId, '--terminal', `pp791=tcp:${at}`);
  assert.equal(status, 0, output);
  const [key] = await service.report(runId);
  assert.equal(key!.receipt!.checkValue, await terminal.getKeyCheckValue('IPEK0'));
  assert.equal(key!.receipt!.provenAt, await terminal.getKsn('IPEK0'));
});
