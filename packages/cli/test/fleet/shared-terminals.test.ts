import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { combineComponents, Secret } from '@keywright/crypto';
import { openSoftwareTerminal } from '@keywright/terminal';
import { importTerminals } from '../../src/fleet/import-terminals.ts';
import { FleetService } from './fleet-service.ts';

const BDK = '0123456789ABCDEFFEDCBA9876543210';

/** A software terminal in a directory, into which custodians enter a KEK; gives the KEK. */
async function makeTerminal(directory: string, serial: string): Promise<string> {
  await using terminal = openSoftwareTerminal({ directory, serial });
  const components = ['00112233445566778899AABBCCDDEEFF', serial.padEnd(32, '7').replace(/\D/g, '5')];
  const secrets = components.map((hex) => Secret.fromHex(hex));
  for (const [i, component] of secrets.entries()) {
    const input = { algorithm: 'AES', component, number: i + 1, of: 2 } as const;
    assert.ok((await terminal.loadKeyComponent('KEK-0', input)).ok);
  }
  using key = combineComponents({ algorithm: 'AES', components: secrets }).key;
  for (const secret of secrets) secret[Symbol.dispose]();
  return key.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
}

test('agents that share terminals serve each once; a stranger among them is refused and recorded', async (t) => {
  const service = await FleetService.start(t);
  const bdk = await service.importKey('B0', 'T', 'X', BDK);
  await service.setUp(bdk, 'FFFF987654', {});
  const serials = Array.from({ length: 8 }, (_, i) => `10${i}`);
  const lines: string[] = [];
  for (const serial of serials) {
    const hex = await makeTerminal(service.path(`terminals/${serial}`), serial);
    lines.push(`${serial},shops,${await service.importKey('K0', 'A', 'B', hex)}`);
  }
  await makeTerminal(service.path('terminals/stranger'), '999');
  const csv = service.path('terminals.csv');
  writeFileSync(csv, `serial,group,kek\n${lines.join('\n')}\n`);
  await importTerminals(service.fleet, csv);
  const runId = await service.start();
  const agents = ['one', 'two'].map((name) =>
    service.run(
      'inject',
      '--run',
      runId,
      '--directory',
      service.path('terminals'),
      '--agent',
      name,
      '--parallel',
      '2',
    ),
  );
  const outputs = await Promise.all(agents);
  for (const { output } of outputs) assert.match(output, /999: UNKNOWN_SERIAL/);
  const keys = await service.report(runId);
  for (const key of keys)
    assert.equal(key.state, 'DONE', JSON.stringify(key) + outputs.map((each) => each.output).join());
  assert.equal(new Set(keys.map(({ ksn }) => ksn)).size, serials.length);
  for (const serial of serials) {
    await using terminal = openSoftwareTerminal({ directory: service.path(`terminals/${serial}`) });
    assert.equal((await terminal.info()).loads, 2);
    await service.assertPinArrives(terminal, bdk);
  }
  const { incidents } = await service.fleet.get<{ incidents: { kind: string; serial: string }[] }>(
    '/incidents',
  );
  assert.deepEqual(
    incidents.map(({ kind, serial }) => `${kind} ${serial}`),
    ['UNKNOWN_SERIAL 999'],
  );
});
