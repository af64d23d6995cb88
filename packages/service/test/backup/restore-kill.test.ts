import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openBackup } from '../../src/backup/backup-file.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { assertWhole, newDataDirectory } from './data-directory.ts';

const ROUNDS = 12;

test('kill -9 in a restore leaves an empty directory or a whole one, and the next one works', async () => {
  await using made = await newDataDirectory('shares');
  const file = await made.backUp('backup');
  const outcomes = { empty: 0, whole: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const directory = join(made.folder, `restored ${round}`);
    mkdirSync(directory);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'restorer.ts'), file, directory], {
      env: { ...process.env, SHARES: made.shares.slice(1).join(',') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    await setTimeout(3 * round);
    child.kill('SIGKILL');
    await exited;
    if (readdirSync(directory).length === 0) {
      outcomes.empty += 1;
      await using backup = await openBackup(file);
      using mainKey = await made.openMainKey(backup);
      await restoreBackup(backup, mainKey, directory);
    } else outcomes.whole += 1;
    await assertWhole(directory, made);
    assert.ok(!existsSync(join(made.folder, `.restored ${round}.restoring`)));
  }
  assert.ok(outcomes.empty > 0, 'no restore was broken off');
});
