import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { MainKeyError, newShares } from '@keywright/service';
import { Aborted } from '../../src/ceremony/prompts.ts';
import { handOutShares } from '../../src/main-key/hand-out.ts';
import { ABORT, ScriptedPrompts } from '../ceremony/scripted-prompts.ts';
import { keywright } from '../keywright.ts';

const folder = mkdtempSync(join(tmpdir(), 'keywright-test-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const newDirectory = () => join(folder, `${++count}`);
const files = (directory: string) => readdirSync(directory).filter((name) => !name.startsWith('lock'));

test('each custodian sees his share once, alone, and types it back', async () => {
  const directory = newDirectory();
  using made = newShares(directory, { shares: 3, threshold: 2 });
  const script = [1, 2, 3].flatMap((index) => [true, true, made.text(index).toLowerCase()]);
  const prompts = new ScriptedPrompts([false, ...script]);
  await handOutShares(prompts, made);
  assert.deepEqual(files(directory), []);
  made.keep();
  assert.deepEqual(files(directory), ['main-key-shares']);
  assert.equal(prompts.unused.length, 0);
  for (const [i, sheet] of prompts.sheets.entries()) {
    assert.match(sheet, new RegExp(`Share          ${i + 1} of 3; any 2 make the key`));
    const value = /Value {10}((?:.+\n)(?: {15}.+\n)*)/.exec(sheet)![1]!;
    assert.equal(value.replace(/\s+/g, ' ').trim(), made.text(i + 1));
  }
  const screen = prompts.screen.join('\n') + readFileSync(join(directory, 'main-key-shares'), 'utf8');
  for (const index of [1, 2, 3]) assert.ok(!screen.includes(made.text(index).slice(10, 24)));
});

test("a share typed wrongly, or somebody else's, is refused until it is right", async () => {
  using made = newShares(newDirectory(), { shares: 2, threshold: 2 });
  const wrong = made.text(1).replace(/.$/, '');
  const prompts = new ScriptedPrompts([
    true,
    true,
    wrong,
    made.text(2),
    made.text(1),
    true,
    true,
    made.text(2),
  ]);
  await handOutShares(prompts, made);
  const refusals = prompts.screen.filter((line) => line.startsWith('refused'));
  assert.deepEqual(refusals, [
    'refused: a share has 68 characters, and this one 67',
    'refused: this is not share 1',
  ]);
});

test('printed sheets are not shown', async () => {
  using made = newShares(newDirectory(), { shares: 2, threshold: 2 });
  const printed: string[] = [];
  const prompts = new ScriptedPrompts([true, made.text(1), true, made.text(2)]);
  await handOutShares(prompts, made, async (sheet) => void printed.push(sheet));
  assert.deepEqual([printed.length, prompts.sheets.length], [2, 0]);
});

test('broken off at any step nothing was made, and it can be done again', async () => {
  const directory = newDirectory();
  for (let steps = 0; steps < 6; steps += 1) {
    using made = newShares(directory, { shares: 2, threshold: 2 });
    const script = [true, true, made.text(1), true, true, made.text(2)].slice(0, steps);
    await assert.rejects(handOutShares(new ScriptedPrompts([...script, ABORT]), made), Aborted);
    assert.deepEqual(files(directory), []);
  }
});

test('a data directory that has a main key, or a database, gets no other', () => {
  for (const name of ['main-key', 'main-key-parameters', 'main-key-shares', 'keywright.db']) {
    const directory = newDirectory();
    mkdirSync(directory);
    writeFileSync(join(directory, name), '');
    const make = () => newShares(directory, { shares: 2, threshold: 2 });
    assert.throws(make, (error) => error instanceof MainKeyError && error.code === 'MADE_ALREADY');
    assert.throws(make, /main-key rotate/);
  }
});

test('kill -9 before the last custodian has confirmed leaves nothing, after it the whole set', async () => {
  const directory = newDirectory();
  const service = import.meta.resolve('@keywright/service');
  for (const keeps of [false, true]) {
    const program = `import { newShares } from ${JSON.stringify(service)};
      const made = newShares(${JSON.stringify(directory)}, { shares: 3, threshold: 2 });
      if (${keeps}) made.keep();
      console.log('here');
      setInterval(() => made, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) if (line === 'here') break;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    assert.equal(existsSync(join(directory, 'main-key-shares')), keeps);
    assert.deepEqual(files(directory), keeps ? ['main-key-shares'] : []);
  }
});

test('the command wants a terminal and counts that make sense', () => {
  const piped = keywright(['main-key', 'init', '--shares', '3', '--threshold', '2'], 'a share\n');
  assert.deepEqual([piped.status, piped.stdout], [1, '']);
  assert.match(piped.stderr, /needs a terminal/);
  const more = keywright(['main-key', 'init', '--shares', '3', '--threshold', '4']);
  assert.match(more.stderr, /the threshold 4 is more than the 3 shares/);
  for (const shares of ['1', '10', 'x']) {
    assert.equal(keywright(['main-key', 'init', '--shares', shares, '--threshold', '2']).status, 2);
  }
});
