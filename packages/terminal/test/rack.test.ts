import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Secret } from '@keywright/crypto';
import { openRack, openSoftwareTerminal } from '../src/index.ts';

function newPath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'keywright-test-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'rack');
}

const KEY = '0F1E2D3C4B5A69788796A5B4C3D2E1F0';

async function enterKek(rack: ReturnType<typeof openRack>, serial: string): Promise<void> {
  await using terminal = await openSoftwareTerminal({ store: rack.store(serial) });
  for (const [i, hex] of [KEY, '00112233445566778899AABBCCDDEEFF'].entries()) {
    using component = Secret.fromHex(hex);
    await terminal.loadKeyComponent('KEK-0', { algorithm: 'AES', component, number: i + 1, of: 2 });
  }
}

test('each terminal of a rack keeps its keys, sealed, when the rack is opened again', async (t) => {
  const path = newPath(t);
  let kcv: string;
  {
    using rack = openRack(path);
    await rack.together(async () => {
      for (const serial of ['R-2', 'R-1']) await enterKek(rack, serial);
    });
    await using terminal = await openSoftwareTerminal({ store: rack.store('R-1') });
    kcv = await terminal.getKeyCheckValue('KEK-0');
  }
  using rack = openRack(path);
  assert.deepEqual(rack.serials(), ['R-1', 'R-2']);
  assert.deepEqual(rack.serials('R-1', 1), ['R-2']);
  await using terminal = await openSoftwareTerminal({ store: rack.store('R-2') });
  assert.equal(await terminal.getKeyCheckValue('KEK-0'), kcv);
  assert.equal((await terminal.info()).serial, 'R-2');
  for (const file of [path, `${path}-wal`]) {
    const bytes = readFileSync(file).toString('hex').toUpperCase();
    assert.ok(!bytes.includes('0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F') && !bytes.includes(KEY), file);
  }
});

test('a terminal of a rack is in use once, and the rack by one process', async (t) => {
  const path = newPath(t);
  using rack = openRack(path);
  await using terminal = await openSoftwareTerminal({ store: rack.store('R-1') });
  assert.equal((await terminal.info()).serial, 'R-1');
  assert.throws(() => openSoftwareTerminal({ store: rack.store('R-1') }), /in use by another terminal/);
  assert.throws(() => openRack(path), /in use by another terminal/);
});
