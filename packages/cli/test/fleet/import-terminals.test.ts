import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FleetClient } from '../../src/fleet/fleet-client.ts';
import { checkLines, importTerminals, readLines } from '../../src/fleet/import-terminals.ts';
import { readAddress } from '../../src/fleet/line-rack.ts';
import { readKey } from '../../src/fleet/profile-options.ts';
import { progressLine } from '../../src/fleet/progress.ts';

function problemsOf(text: string): string[] {
  return checkLines(readLines(text)).map(({ number, problem }) => `${number}: ${problem}`);
}

test('columns may come in any order, with a byte order mark, quotes and empty lines', () => {
  const text = '\uFEFFgroup,Serial,kek\r\n"shops",A-1,\r\n\r\nshops,"A-2",alias/kek-2\r\n';
  const lines = readLines(text);
  assert.deepEqual(
    lines.map(({ serial, group, kek }) => [serial, group, kek]),
    [
      ['A-1', 'shops', undefined],
      ['A-2', 'shops', 'alias/kek-2'],
    ],
  );
  assert.deepEqual(checkLines(lines), []);
});

test('every line that is wrong is told with its number and reason', () => {
  const problems = problemsOf(
    'serial,group,kek\nA-1,shops,\nA 2,shops,\nA-3,,\nA-4,shops,nokey\nA-1,shops,\n',
  );
  assert.match(problems[0]!, /^3: serial must be 1 to 64 letters/);
  assert.match(problems[1]!, /^4: group must be/);
  assert.match(problems[2]!, /^5: kek must be an ARN or an alias/);
  assert.match(problems[3]!, /^6: serial A-1 is in line 2 already/);
  assert.equal(problems.length, 4);
});

test('what is no CSV, or has other columns, is refused', () => {
  const cases: [string, RegExp][] = [
    ['serial,group\nA-1,shops,more\n', /it is no CSV: .*line 2/],
    ['serial,group\n"A-1,shops\n', /it is no CSV/],
    ['serial,place\nA-1,shops\n', /line 1: column place is not one of serial, group, kek/],
    ['serial\nA-1\n', /line 1: the column group is missing/],
  ];
  for (const [text, complaint] of cases) assert.throws(() => readLines(text), complaint, text);
});

/** A service that has something against one serial number, and notes what it is asked. */
function serviceAgainst(refused: string) {
  const asked: string[] = [];
  const fleet: FleetClient = {
    get: () => Promise.reject(new Error('not used')),
    send: async <Output>(_method: string, path: string, input: object) => {
      asked.push(path);
      const { terminals = [] } = input as { terminals?: { serial: string }[] };
      const problems = terminals.flatMap(({ serial }, index) =>
        serial === refused ? [{ index, problem: 'there is no group nowhere' }] : [],
      );
      return { importId: 'abc', unchanged: 0, problems } as Output;
    },
  };
  return { fleet, asked };
}

function csvOf(t: TestContext, count: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const lines = Array.from({ length: count }, (_, i) => `A-${i},shops`);
  writeFileSync(join(directory, 'terminals.csv'), `serial,group\n${lines.join('\n')}\n`);
  return join(directory, 'terminals.csv');
}

test('what the service has against a line is told with the number in the file, and nothing is committed', async (t) => {
  const { fleet, asked } = serviceAgainst('A-1500');
  await assert.rejects(
    importTerminals(fleet, csvOf(t, 2500)),
    /nothing was imported:\n {2}line 1502: there is no group/,
  );
  assert.deepEqual(asked, ['/imports', '/imports', '/imports']);
});

test('all parts are committed at once', async (t) => {
  const { fleet, asked } = serviceAgainst('none');
  await importTerminals(fleet, csvOf(t, 1001));
  assert.deepEqual(asked, ['/imports', '/imports', '/imports/abc/commit']);
});

test('keys and addresses on the command line are read, or refused with what would be right', () => {
  assert.deepEqual(readKey('pin=DUKPT-0,alias/bdk,ffff987654,1000-1999'), {
    purpose: 'PIN',
    slot: 'DUKPT-0',
    bdk: 'alias/bdk',
    keySetId: 'FFFF987654',
    firstNumber: 1000,
    lastNumber: 1999,
  });
  assert.throws(() => readKey('PIN:DUKPT-0'), /must be PURPOSE=SLOT,BDK,KEYSET/);
  assert.deepEqual(readAddress('pp791=tcp:10.0.0.7:4001'), {
    driver: 'pp791',
    tcp: { host: '10.0.0.7', port: 4001 },
  });
  assert.deepEqual(readAddress('l100=serial:/dev/ttyUSB0@115200'), {
    driver: 'l100',
    serial: { path: '/dev/ttyUSB0', baudRate: 115_200 },
  });
  assert.throws(() => readAddress('acme=tcp:1.2.3.4:5'), /must be DRIVER=tcp:HOST:PORT/);
});

test('progress says how many, how fast and how long', () => {
  const line = progressLine(250, 3, 1000, 5);
  assert.equal(line, `${'#'.repeat(8)}${'-'.repeat(22)}  250/1,000 terminals, 3 failed, 50/s, 15 s left`);
  assert.match(progressLine(0, 0, 0, 0), /0\/0 terminals/);
});
