// kill -9 while custodians unseal the service: what they gave is gone, and nothing else.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { newShares } from '../../src/index.ts';
import { newFolder } from '../store/folder.ts';

const PROGRAM = `import(${JSON.stringify(new URL('../../src/index.ts', import.meta.url))}).then((m) => m.runMain())`;

async function start(directory: string): Promise<{ process: ChildProcess; url: string }> {
  const env = { KEYWRIGHT_PORT: '0', KEYWRIGHT_DATA_DIR: directory, KEYWRIGHT_MAIN_KEY: 'shares' };
  const child = spawn(process.execPath, ['--eval', PROGRAM], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = await once(child.stdout, 'data');
  return { process: child, url: /^keywright ready on (\S+)\n$/.exec(String(line))![1]! };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function handOut(directory: string): string[] {
  using made = newShares(directory, { shares: 3, threshold: 3 });
  made.keep();
  return [1, 2, 3].map((index) => made.text(index));
}

test('kill -9 at any point of an unsealing leaves a sealed service that its custodians open', async () => {
  const directory = join(newFolder(), 'data');
  const shares = handOut(directory);
  const status = async (url: string) => (await fetch(`${url}/keywright/v1/unseal`)).json();
  const give = (url: string, share: string) =>
    fetch(`${url}/keywright/v1/unseal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ share }),
    }).then((response) => response.json());
  for (let round = 0; round < 6; round++) {
    const service = await start(directory);
    const { sealed, given } = (await status(service.url)) as { sealed: boolean; given: number };
    assert.deepEqual([sealed, given], [true, 0]);
    for (const share of shares.slice(0, round % 3)) await give(service.url, share);
    // The next one is on its way when it dies; the third of them opens the service.
    const late = give(service.url, shares[round % 3]!).catch(() => undefined);
    await setTimeout(round);
    await kill(service.process);
    await late;
  }
  const service = await start(directory);
  for (const share of shares) await give(service.url, share);
  assert.equal(((await status(service.url)) as { sealed: boolean }).sealed, false);
  await kill(service.process);
  for (const name of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const content = readFileSync(join(name.parentPath, name.name));
    for (const share of shares) assert.ok(!content.includes(share.slice(5, 30)), name.name);
  }
});
