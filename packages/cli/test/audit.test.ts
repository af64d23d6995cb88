import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { configurationFromEnvironment, startService } from '@keywright/service';
import { keywright, LAUNCHER } from './keywright.ts';

suite('keywright audit', () => {
  const home = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  const data = join(home, 'data');
  const audit = join(data, 'audit');
  const here = ['--data-dir', data];
  const publicKey = join(audit, 'public-key.pem');
  const pinned = ['--public-key', publicKey];
  const segment = () => {
    const [chain] = readdirSync(audit).filter((name) => /^[a-z2-7]{16}$/.test(name));
    return join(audit, chain!, '0000000000000001.ndjson');
  };

  before(async () => {
    const environment = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: data };
    const log = { write: () => undefined };
    const service = await startService({ ...configurationFromEnvironment(environment), log });
    await fetch(`${service.url}/`, { method: 'POST', headers: { 'user-agent': 'a\x9b31m\tb' } });
    await service.close();
  });
  after(() => rmSync(home, { recursive: true }));

  test('verify proves the audit of a directory', () => {
    const { status, stdout, stderr } = keywright(['audit', 'verify', ...here, ...pinned]);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^[a-z2-7]{16} {2}records 1 to (\d+) {2}\S+Z to \S+Z {2}signed to \1\nwhole: /);
  });

  test('without a key that was kept, it says what that is worth', () => {
    const { status, stderr } = keywright(['audit', 'verify', ...here]);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /no --public-key is given; .*public-key\.pem is used, which proves nothing to somebody else/,
    );
  });

  test('verify names what was bent, and fails', () => {
    const genuine = readFileSync(segment(), 'utf8');
    writeFileSync(segment(), genuine.replace('StartService', 'StopsService'));
    const { status, stderr } = keywright(['audit', 'verify', ...here, ...pinned]);
    writeFileSync(segment(), genuine);
    assert.equal(status, 1);
    assert.match(stderr, /^keywright: chain [a-z2-7]{16}: record 1 was changed/);
  });

  test('the end cut off is missed with checkpoints that were kept elsewhere', () => {
    const kept = join(home, 'kept.ndjson');
    writeFileSync(kept, keywright(['audit', 'checkpoints', ...here]).stdout);
    const short = join(home, 'short.ndjson');
    writeFileSync(short, `${readFileSync(segment(), 'utf8').split('\n')[0]}\n`);
    assert.equal(keywright(['audit', 'verify', short, ...pinned]).status, 0);
    const { status, stderr } = keywright(['audit', 'verify', short, ...pinned, '--checkpoints', kept]);
    assert.equal(status, 1);
    assert.match(stderr, /it ends with record 1: records 2 to \d+ cut off/);
  });

  test('an export verifies by itself, and never overwrites', () => {
    const output = join(home, 'export.ndjson');
    const range = ['--from', '2020-01-01', '--to', '2100-01-01T00:00Z'];
    const first = keywright(['audit', 'export', ...here, ...range, '--output', output]);
    assert.deepEqual([first.status, first.stdout], [0, '']);
    assert.match(first.stderr, /^keywright: \d+ records\n$/);
    assert.equal(keywright(['audit', 'verify', output, ...pinned]).status, 0);
    const second = keywright(['audit', 'export', ...here, ...range, '--output', output]);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /EEXIST/);
    assert.equal(keywright(['audit', 'export', ...here, ...range]).stdout, readFileSync(output, 'utf8'));
    const none = keywright(['audit', 'export', ...here, '--from', '2020-01-01', '--to', '2020-01-02']);
    assert.deepEqual([none.status, none.stdout, none.stderr], [0, '', 'keywright: 0 records\n']);
  });

  test('tail shows one line a record, without what a terminal would obey', () => {
    const { status, stdout } = keywright(['audit', 'tail', ...here, '-n', '2']);
    assert.equal(status, 0);
    const [request, stop] = stdout.trimEnd().split('\n');
    assert.match(
      request!,
      /^\S+Z {2}UnknownOperation {2}\(unknown\) {2}unknown {2}\S+ {2}UnknownOperationException: There/,
    );
    assert.match(stop!, /^\S+Z {2}StopService {2}keywright /);
    assert.match(keywright(['audit', 'tail', ...here, '--json']).stdout, /"checkpoint":\{/);
    assert.ok(!readFileSync(segment(), 'latin1').includes('\x9b'));
  });

  test('tail --follow shows what is added', async () => {
    const child = spawn(process.execPath, [LAUNCHER, 'audit', 'tail', ...here, '-n', '0', '--follow']);
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += text;
    });
    const lines = readFileSync(segment(), 'utf8').split('\n');
    while (shown === '') {
      // Whenever it has started, one of these comes after.
      writeFileSync(segment(), `${lines[0]}\n`, { flag: 'a' });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    writeFileSync(segment(), lines.join('\n'));
    child.kill();
    await once(child, 'exit');
    assert.match(shown, /^\S+Z {2}StartService/);
  });

  test('what cannot be is said in one line', () => {
    const cases: [string[], number, RegExp][] = [
      [['tail', '--data-dir', home], 1, /there is no audit in /],
      [
        ['export', ...here, '--from', 'yesterday', '--to', '2100-01-01'],
        1,
        /--from must be a day or a time in UTC/,
      ],
      [['export', ...here, '--from', '2026-01-01'], 2, /required option '--to/],
      [['verify', join(home, 'none'), ...pinned], 1, /ENOENT/],
      [['verify', segment()], 1, /give the public key of the service: --public-key/],
      [['verify', ...here, '--public-key', segment()], 1, /is no public key in PEM/],
      [['verify', publicKey, ...pinned], 1, /its first line is no record/],
    ];
    for (const [args, status, complaint] of cases) {
      const result = keywright(['audit', ...args]);
      assert.equal(result.status, status, args.join(' '));
      assert.match(result.stderr, complaint);
      assert.equal(result.stderr.trimEnd().split('\n').length, status === 2 ? 2 : 1);
    }
    assert.ok(!existsSync(join(home, 'audit')));
  });
});
