import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSoftwareTerminal, TerminalError } from '@keywright/terminal';
import { block, enterKek, ks, PAN, pin, scratch, TDES_KEK } from './support.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';

const BLANK = {
  serial: 'T-1',
  state: 'READY',
  model: 'Keywright software terminal, generic-ped, strict',
  loads: 0,
  keys: [],
};

async function setUp(directory: string): Promise<void> {
  using terminal = openSoftwareTerminal({ directory, serial: 'T-1' });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const text = block(TDES_KEK, 'B', 'B1TX00N', KEY, [ks('FFFF9876543210E00000')]);
  assert.ok((await terminal.sendTR31Key(text)).ok);
}

async function transact(directory: string): Promise<string> {
  using terminal = openSoftwareTerminal({ directory });
  const { ksn } = await terminal.encryptPin({ slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 });
  return ksn!;
}

async function stateOf(directory: string): Promise<string> {
  using terminal = openSoftwareTerminal({ directory });
  return (await terminal.info()).state;
}

/** A copy of a directory with one byte of a file changed. */
function withFlip(directory: string, file: string, position: number): ReturnType<typeof scratch> {
  const copy = scratch();
  cpSync(directory, copy.path, { recursive: true });
  const bytes = readFileSync(join(copy.path, file));
  bytes[position]! ^= 1 << (position % 8);
  writeFileSync(join(copy.path, file), bytes);
  return copy;
}

test('what is stored is there again, for its owner alone', async () => {
  using directory = scratch();
  await setUp(directory.path);
  assert.equal(await transact(directory.path), 'FFFF9876543210E00001');
  assert.equal(await transact(directory.path), 'FFFF9876543210E00002');
  for (const file of ['store', 'device-memory']) {
    assert.equal(statSync(join(directory.path, file)).mode & 0o777, 0o600);
  }
});

test('a bit changed anywhere in the store is tampering', async () => {
  using directory = scratch();
  await setUp(directory.path);
  const { size } = statSync(join(directory.path, 'store'));
  // Every byte of the head, the nonce and the tag, and samples of what is between.
  const positions = Array.from({ length: size }, (_, i) => i).filter(
    (i) => i < 25 || i >= size - 16 || i % 17 === 0,
  );
  for (const position of positions) {
    using copy = withFlip(directory.path, 'store', position);
    assert.equal(await stateOf(copy.path), 'TAMPERED', `byte ${position}`);
  }
});

test('a bit changed in the device memory opens no store', async () => {
  using directory = scratch();
  await setUp(directory.path);
  const generationOf = (path: string) => readFileSync(join(path, 'device-memory')).readBigUInt64BE(2);
  const { size } = statSync(join(directory.path, 'device-memory'));
  const opened = [];
  for (let position = 0; position < size; position++) {
    using copy = withFlip(directory.path, 'device-memory', position);
    const changed = generationOf(copy.path);
    using terminal = openSoftwareTerminal({ directory: copy.path });
    if ((await terminal.info()).keys.length > 0) opened.push(changed);
  }
  // One generation less is what a power cut leaves behind: the store is then one ahead and is taken.
  assert.deepEqual(
    opened.filter((changed) => changed !== generationOf(directory.path) - 1n),
    [],
  );
});

test('a store put back to an older state, cut, or removed is tampering', async () => {
  const attacks: ((store: string, old: Buffer) => void)[] = [
    (store, old) => writeFileSync(store, old),
    (store) => writeFileSync(store, readFileSync(store).subarray(0, -1)),
    (store) => writeFileSync(store, ''),
    (store) => rmSync(store),
  ];
  for (const attack of attacks) {
    using directory = scratch();
    await setUp(directory.path);
    const store = join(directory.path, 'store');
    const old = readFileSync(store);
    await transact(directory.path);
    attack(store, old);
    assert.equal(await stateOf(directory.path), 'TAMPERED');
  }
});

test('a store without its device memory is tampering', async () => {
  using directory = scratch();
  await setUp(directory.path);
  rmSync(join(directory.path, 'device-memory'));
  assert.equal(await stateOf(directory.path), 'TAMPERED');
});

test('power cut between the store and the device memory: the store is taken, and no KSN comes twice', async () => {
  using directory = scratch();
  await setUp(directory.path);
  const memory = join(directory.path, 'device-memory');
  const before = readFileSync(memory);
  assert.equal(await transact(directory.path), 'FFFF9876543210E00001');
  writeFileSync(memory, before);
  assert.equal(await transact(directory.path), 'FFFF9876543210E00002');
});

test('a tampered terminal refuses everything and stays so, until it is zeroized', async () => {
  using directory = scratch();
  await setUp(directory.path);
  const store = join(directory.path, 'store');
  const good = readFileSync(store);
  writeFileSync(store, '');
  assert.equal(await stateOf(directory.path), 'TAMPERED');
  writeFileSync(store, good);
  using terminal = openSoftwareTerminal({ directory: directory.path });
  const heard: string[] = [];
  using _ = terminal.onEvent(({ type }) => heard.push(type));
  const { state, serial, keys } = await terminal.info();
  assert.deepEqual([state, serial, keys], ['TAMPERED', 'T-1', []]);
  const tampered = (error: unknown) => error instanceof TerminalError && error.code === 'TAMPERED';
  const slot = 'DUKPT-0';
  await assert.rejects(terminal.encryptPin({ slot, pin: pin(), pan: PAN, format: 0 }), tampered);
  await assert.rejects(terminal.encryptData({ slot, data: new Uint8Array(8) }), tampered);
  await assert.rejects(terminal.generateMac({ slot, message: new Uint8Array(8) }), tampered);
  await assert.rejects(terminal.getKeyCheckValue(slot), tampered);
  await assert.rejects(terminal.getKsn(slot), tampered);
  await assert.rejects(terminal.eraseKey(slot), tampered);
  assert.equal((await terminal.sendTR31Key('')).status, 'TAMPERED');
  await assert.rejects(enterKek(terminal, TDES_KEK, 'TDES'));
  await terminal.zeroize();
  assert.deepEqual([heard.at(0), heard.at(-1)], ['tampered', 'zeroized']);
  assert.deepEqual(await terminal.info(), BLANK);
  await enterKek(terminal, TDES_KEK, 'TDES');
});

test('power cut in a zeroize: the old store is worth nothing, and the terminal is blank', async () => {
  using directory = scratch();
  await setUp(directory.path);
  const store = join(directory.path, 'store');
  const old = readFileSync(store);
  {
    using terminal = openSoftwareTerminal({ directory: directory.path });
    await terminal.zeroize();
  }
  writeFileSync(store, old);
  using terminal = openSoftwareTerminal({ directory: directory.path });
  assert.deepEqual(await terminal.info(), BLANK);
  await enterKek(terminal, TDES_KEK, 'TDES');
});

test('no key is used that could not be struck off first: without the write there is no answer', async () => {
  for (const file of ['store', 'device-memory']) {
    using directory = scratch();
    await setUp(directory.path);
    using terminal = openSoftwareTerminal({ directory: directory.path });
    const request = { slot: 'DUKPT-0', pin: pin(), pan: PAN, format: 0 } as const;
    // A directory where the new file would be written.
    const obstacle = join(directory.path, `${file}.new`);
    mkdirSync(obstacle);
    await assert.rejects(terminal.encryptPin(request), { code: 'EISDIR' });
    rmSync(obstacle, { recursive: true });
    assert.equal((await terminal.encryptPin(request)).ksn, 'FFFF9876543210E00001');
    terminal[Symbol.dispose]();
    assert.equal(await transact(directory.path), 'FFFF9876543210E00002');
  }
});
