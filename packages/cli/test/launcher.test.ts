import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LAUNCHER } from './keywright.ts';

const installation = mkdtempSync(join(tmpdir(), 'keywright-'));
after(() => rmSync(installation, { recursive: true }));

/** Installs the launcher beside a pinned "Node.js" that is a shell script; the one that runs this test is older. */
function installWith(script: string): string {
  const pinned = join(installation, 'node_modules/node');
  mkdirSync(join(pinned, 'bin'), { recursive: true });
  writeFileSync(
    join(pinned, 'package.json'),
    '{"name":"node","version":"999.0.0","bin":{"node":"bin/node"}}',
  );
  writeFileSync(join(pinned, 'bin/node'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(pinned, 'bin/node'), 0o755);
  const launcher = join(installation, 'keywright.mjs');
  copyFileSync(LAUNCHER, launcher);
  return launcher;
}

test('an older Node.js hands its arguments, its streams and the exit status over to the pinned one', () => {
  const launcher = installWith('echo "$2 $3"; cat; echo no >&2; exit 7');
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'kcv', 'a b'], { input: 'in' });
  assert.deepEqual([status, `${stdout}`, `${stderr}`], [7, 'kcv a b\nin', 'no\n']);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} is passed on, and a child that ends by itself decides the status`, {
    timeout: 20_000,
  }, async () => {
    // Not a trap of the shell: that has no effect where the test itself was started with the signal ignored.
    const program = `process.on("${signal}", () => { console.log("caught"); process.exit(3); }); console.log("ready"); setTimeout(() => {}, 15_000);`;
    const launcher = installWith(`exec "${process.execPath}" -e '${program}'`);
    const child = spawn(process.execPath, [launcher], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (said === 'ready\n') child.kill(signal);
    });
    const status = await new Promise((resolve) => child.once('close', (code) => resolve(code)));
    assert.deepEqual([status, said], [3, 'ready\ncaught\n']);
  });
}

test('a signal that ends the pinned one ends the launcher too', () => {
  const { signal } = spawnSync(process.execPath, [installWith('kill -KILL $$')]);
  assert.equal(signal, 'SIGKILL');
});

test('an old Node.js alone says what is needed', () => {
  const alone = mkdtempSync(join(tmpdir(), 'keywright-'));
  const launcher = join(alone, 'keywright.mjs');
  copyFileSync(LAUNCHER, launcher);
  writeFileSync(
    join(alone, 'old.cjs'),
    "Object.defineProperty(process.versions, 'node', { value: '20.12.0' });",
  );
  const { status, stderr } = spawnSync(process.execPath, ['--require', join(alone, 'old.cjs'), launcher]);
  rmSync(alone, { recursive: true });
  assert.equal(status, 1);
  assert.match(`${stderr}`, /needs Node\.js 24\.0\.0 or newer; this is 20\.12\.0/);
});
