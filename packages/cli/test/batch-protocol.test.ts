import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { keywright, LAUNCHER } from './keywright.ts';

const KCV = ['kcv', '--ndjson'];
const GOOD = '{"key":"0123456789ABCDEFFEDCBA9876543210","algorithm":"TDES"}';
const BAD_JSON = '{"ok":false,"code":"JSON","message":"a line must be one JSON object"}';

function answersTo(input: string): string[] {
  const { stdout, status, stderr } = keywright(KCV, input);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.split('\n').slice(0, -1);
}

test('bad lines among good ones are answered in their place', () => {
  const lines = [GOOD, '{"key":', GOOD, '[]', '"x"', 'null', '1', '{}', '{"key":5,"algorithm":"AES"}', GOOD];
  const answers = answersTo(lines.join('\n')).map((answer) => JSON.parse(answer));
  assert.deepEqual(
    answers.map((answer) => (answer.ok ? answer.kcv : answer.code)),
    ['08D7B4', 'JSON', '08D7B4', 'JSON', 'JSON', 'JSON', 'JSON', 'INPUT', 'INPUT', '08D7B4'],
  );
});

test('empty lines are answered, those at the end are not', () => {
  const good = '{"ok":true,"kcv":"08D7B4"}';
  assert.deepEqual(answersTo(`\n\n${GOOD}\r\n  \n${GOOD}\n\n \n`), [
    BAD_JSON,
    BAD_JSON,
    good,
    BAD_JSON,
    good,
  ]);
  assert.deepEqual(answersTo('\n\n'), []);
  assert.deepEqual(answersTo(''), []);
});

test('a line that never ends well is one bad line', () => {
  const answers = answersTo(`{"key":"${'A'.repeat(3_000_000)}","algorithm":"TDES"}\n${GOOD}\n`);
  assert.deepEqual(answers, [BAD_JSON, '{"ok":true,"kcv":"08D7B4"}']);
});

test('20,000 lines come back in order', () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => i.toString(16).padStart(i % 7 === 0 ? 31 : 32, '1'));
  const lines = keys.map(
    (key) => `{"key":"${key}","algorithm":"AES","pad":"${'x'.repeat(key.charCodeAt(30) * 10)}"}\n`,
  );
  const codes = answersTo(lines.join('')).map((answer) => JSON.parse(answer).code);
  assert.deepEqual(
    codes,
    keys.map((key) => (key.length === 31 ? 'INPUT' : undefined)),
  );
});

test('each line is answered when it comes, before the next', { timeout: 20_000 }, async () => {
  const child = spawn(process.execPath, [LAUNCHER, ...KCV], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i += 1) {
    child.stdin.write(`${GOOD}\n`);
    assert.equal((await answers.next()).value, '{"ok":true,"kcv":"08D7B4"}');
  }
  child.stdin.end();
  assert.equal((await answers.next()).done, true);
});

test('a reader that goes away ends the batch quietly', { timeout: 20_000 }, async () => {
  const child = spawn(process.execPath, [LAUNCHER, ...KCV], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  child.stdin.on('error', () => {});
  child.stdout.once('data', () => child.stdout.destroy());
  const lines = `${GOOD}\n`.repeat(1000);
  const feeding = setInterval(() => child.stdin.write(lines), 5);
  const [code] = await new Promise<[number]>((resolve) =>
    child.once('close', (...ended) => resolve(ended as never)),
  );
  clearInterval(feeding);
  assert.deepEqual([code, complaint], [1, '']);
});

function keywrightInto(stdout: number) {
  return spawnSync(process.execPath, [LAUNCHER, ...KCV], {
    input: GOOD,
    stdio: ['pipe', stdout, 'pipe'],
    encoding: 'utf8',
  });
}

test('an output that cannot be written is said in one line', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = keywrightInto(full);
  assert.equal(status, 1);
  assert.match(stderr, /^keywright: ENOSPC.*\n$/);
});
