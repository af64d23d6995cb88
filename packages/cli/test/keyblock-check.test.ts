import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keywright } from './keywright.ts';

const CHECK = ['keyblock', 'check'];
/** An initial key in a block of a terminal's vendor: its mode of use is not the standard's. */
const BLOCK =
  'B0120B1TN00E0100KS1809118012400705E00001280DB97F4EABB980D08E6428A8FA0C8EFE41A84001CACA75FBD7852A4813D6AE373B2BEF382F82C7';

test('a block that a terminal will refuse is said with what to change, without any key', () => {
  const { stdout, stderr, status } = keywright([...CHECK, BLOCK, '--for', 'qpos']);
  assert.deepEqual([status, stderr], [1, '']);
  assert.match(stdout, /^slot DUKPT-PIN-0, opened by the key in TMK-0: refused/);
  assert.match(stdout, /MODE_OF_USE: .*mode of use X, not N/);
  assert.match(stdout, /to change: export with the mode of use/);
});

test('a policy that lets it pass is named with what it lets pass', () => {
  const { stdout, status } = keywright([...CHECK, BLOCK, '--for', 'qpos', '--policy', 'compat:qpos']);
  assert.equal(status, 0);
  assert.match(stdout, /nothing that shows without the key speaks against it/);
  assert.match(stdout, /let pass by the policy: mode of use N/);
});

test('a base derivation key is never for a terminal', () => {
  const { stdout, status } = keywright([...CHECK, BLOCK.replace('B1TN', 'B0TX'), '--for', 'generic-ped']);
  assert.equal(status, 1);
  assert.match(stdout, /BDK: .*\n.*ExportDukptInitialKey/);
});

test('every finding comes at once, and as JSON', () => {
  const bad = BLOCK.replace('B1TN', 'B1AN');
  const { stdout, status } = keywright([...CHECK, '-', '--for', 'uic-pp791', '--json'], `${bad}\n`);
  assert.equal(status, 1);
  const { ok, kbpk, findings } = JSON.parse(stdout);
  assert.deepEqual([ok, kbpk], [false, 'F']);
  assert.ok(findings.some(({ status: code }: { status: string }) => code === 'ALGORITHM'));
  for (const { message, remedy } of findings) assert.ok(message && remedy);
});

test('profiles, policies and slots that there are not are refused with those that there are', () => {
  const cases: [string[], RegExp][] = [
    [['--for', 'acme'], /profile acme: it must be one of (?:[a-z0-9-]+, )+uic-pp791/],
    [['--for', 'qpos', '--policy', 'lax'], /policy lax: it must be one of strict/],
    [['--for', 'qpos', '--slot', 'DUKPT-0'], /slot of qpos DUKPT-0: it must be one of TMK-0/],
    [['--for', 'qpos', '--index', '12'], /index of key usage B1 must be 0 to 9/],
  ];
  for (const [args, complaint] of cases) {
    const { status, stderr } = keywright([...CHECK, BLOCK, ...args]);
    assert.equal(status, 1);
    assert.match(stderr, complaint);
  }
});
