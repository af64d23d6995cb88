import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { keywright } from './keywright.ts';

const COMMANDS = [
  ['serve'],
  ['keyblock', 'unwrap'],
  ['keyblock', 'wrap'],
  ['keyblock', 'inspect'],
  ['keyblock', 'check'],
  ['pos', 'info'],
  ['pos', 'send-key'],
  ['dukpt', 'derive'],
  ['kcv'],
  ['ceremony', 'kek'],
  ['ceremony', 'new'],
  ['approval', 'member', 'add'],
  ['approval', 'team', 'create'],
  ['approval', 'team', 'list'],
  ['approval', 'list'],
  ['approval', 'approve'],
  ['approval', 'deny'],
  ['fleet', 'profile', 'add'],
  ['fleet', 'profile', 'list'],
  ['fleet', 'group', 'add'],
  ['fleet', 'group', 'list'],
  ['fleet', 'import'],
  ['fleet', 'list'],
  ['fleet', 'show'],
  ['fleet', 'kek'],
  ['fleet', 'bootstrap'],
  ['fleet', 'incidents'],
  ['fleet', 'release'],
  ['fleet', 'decommission'],
  ['fleet', 'simulate'],
  ['fleet', 'run', 'start'],
  ['fleet', 'run', 'status'],
  ['fleet', 'run', 'list'],
  ['fleet', 'run', 'stop'],
  ['fleet', 'run', 'resume'],
  ['fleet', 'run', 'report'],
  ['fleet', 'rotate'],
  ['inject'],
  ['audit', 'verify'],
  ['audit', 'export'],
  ['audit', 'tail'],
  ['audit', 'checkpoints'],
];

test('--version says the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.equal(keywright(['--version']).stdout, `${version}\n`);
});

test('every command has help with an example', () => {
  for (const command of COMMANDS) {
    const { stdout, status, stderr } = keywright([...command, '--help']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, new RegExp(`Examples?:\\n[\\s\\S]*keywright ${command.join(' ')}`));
  }
});

test('wrong usage ends with status 2 and says what was wrong', () => {
  const cases: [string[], RegExp][] = [
    [['blockkey'], /unknown command 'blockkey'/],
    [['keyblock', 'inspect', '--ndjso'], /unknown option '--ndjso'\n.*--ndjson/],
    [['kcv'], /required option '--ndjson'/],
    [['keyblock', 'wrap', '--ndjson', '--profile', 'x9'], /x9\.143, tolerant/],
    [[], /Usage: keywright/],
  ];
  for (const [args, complaint] of cases) {
    const { status, stdout, stderr } = keywright(args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, complaint);
  }
});

test('a ceremony refuses to be fed from a pipe', () => {
  for (const name of ['kek', 'new']) {
    const { status, stderr } = keywright(['ceremony', name], '0123456789ABCDEFFEDCBA9876543210\n');
    assert.equal(status, 1);
    assert.match(stderr, /^keywright: a ceremony needs a terminal/);
  }
});
