import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { printWithLp } from '../../src/ceremony/line-printer.ts';

const directory = mkdtempSync(join(tmpdir(), 'keywright-'));
const path = process.env.PATH;

before(() => {
  process.env.PATH = `${directory}:/usr/bin:/bin`;
});
after(() => {
  process.env.PATH = path;
  rmSync(directory, { recursive: true });
});

function installLp(script: string): void {
  writeFileSync(join(directory, 'lp'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test('a sheet goes to lp on its standard input alone, and ends its page', async () => {
  installLp(`echo "$# arguments" > ${directory}/seen; cat >> ${directory}/seen`);
  await printWithLp('a sheet');
  assert.equal(readFileSync(join(directory, 'seen'), 'utf8'), '0 arguments\na sheet\f');
});

test('an lp that fails, or takes nothing, is a failure', async () => {
  installLp('exit 3');
  await assert.rejects(printWithLp('a sheet'), /^Failure: lp ended with status 3$/);
});

test('a machine without lp says so', async () => {
  process.env.PATH = join(directory, 'nothing');
  await assert.rejects(printWithLp('a sheet'), /^Failure: there is no lp on this machine$/);
});
