import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batch, keywright } from './keywright.ts';

const INSPECT = ['keyblock', 'inspect'];
/** An initial key in a block of a terminal's vendor: its mode of use is not the standard's. */
const BLOCK =
  'B0120B1TN00E0100KS1809118012400705E00001280DB97F4EABB980D08E6428A8FA0C8EFE41A84001CACA75FBD7852A4813D6AE373B2BEF382F82C7';

test('a block is explained field by field, aligned', () => {
  const { stdout, status } = keywright([...INSPECT, BLOCK]);
  assert.equal(status, 0);
  const lines = stdout.split('\n');
  const usage = lines.find((line) => line.includes('key usage'))!;
  assert.match(usage, /B1 +initial DUKPT key +6\.3\.1, table 2/);
  const rows = lines.slice(1, 11);
  assert.equal(new Set(rows.map((row) => row.search(/6\.\d(\.\d)?, table/))).size, 1);
  assert.match(stdout, /KS {2}.*09118012400705E00001/);
  assert.match(stdout, /Unusual\n {2}- mode of use .*must be X/);
  assert.match(stdout, /Nothing of this is verified/);
  assert.ok(!stdout.includes('\x1b'), 'no colours where there is no terminal');
});

test('- reads the block from standard input, folded or not', () => {
  const folded = BLOCK.replace(/.{40}/g, '$&\r\n');
  assert.equal(keywright([...INSPECT, '-'], `${folded}\n`).stdout, keywright([...INSPECT, BLOCK]).stdout);
});

test('a damaged block is explained by position', () => {
  const { status, stderr, stdout } = keywright([...INSPECT, BLOCK.slice(0, -1)]);
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /length \(position.*119 characters/);
});

test('a Thales key block is named', () => {
  assert.match(
    keywright([...INSPECT, 'S10096B1TX00S000038A8']).stderr,
    /Thales key block, version 1 \(AES\)/,
  );
});

test('--json and --ndjson give the same, refusals included', () => {
  const blocks = [BLOCK, BLOCK.slice(0, -1)];
  const answers = batch(
    [...INSPECT, '--ndjson'],
    blocks.map((block) => ({ block })),
  );
  const single = blocks.map((block) => keywright([...INSPECT, '--json', block]));
  assert.deepEqual(
    single.map(({ stdout }) => JSON.parse(stdout)),
    answers,
  );
  assert.deepEqual(
    single.map(({ status }) => status),
    [0, 1],
  );
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, false],
  );
});

test('a block and --ndjson exclude each other, and one is needed', () => {
  assert.equal(keywright([...INSPECT]).status, 2);
  assert.equal(keywright([...INSPECT, BLOCK, '--ndjson']).status, 2);
});
