import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyCheckValue, splitKey } from '@keywright/crypto';
import { type LoadOptions, MemoryStore, openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import {
  AES_KEK,
  block,
  enterBothKeks,
  enterKek,
  hex,
  ik,
  ks,
  PAN,
  pin,
  scratch,
  TDES_KEK,
} from './support.ts';

const KEYS = Array.from({ length: 6 }, (_, i) => `${i}1A2B3C4D5E6F70819${i}A2B3C4D5E6F`.padEnd(32, `${i}7`));
const KSN = 'FFFF9876543210E00000';

async function statusOf(terminal: PosTerminal, text: string, options?: LoadOptions): Promise<string> {
  return (await terminal.sendTR31Key(text, options)).status;
}

const p0 = (version: string, key: number, kbpk = TDES_KEK) => block(kbpk, 'B', `P0TE${version}N`, KEYS[key]!);

test('components: the check values are those of the sheets', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  const { components, kcv } = splitKey({ algorithm: 'AES', key: hex(AES_KEK.repeat(2)), count: 3 });
  const answers = [];
  for (const [i, { component }] of components.entries()) {
    const input = { algorithm: 'AES', component, number: i + 1, of: 3 } as const;
    answers.push(await terminal.loadKeyComponent(4, input));
  }
  const sheets = components.map((component) => component.kcv);
  const taken = { ok: true, status: 'COMPONENT_TAKEN', slot: 'KEK-4' };
  assert.deepEqual(answers[0], { ...taken, kcv: sheets[0], remaining: 2 });
  assert.deepEqual(answers[1], { ...taken, kcv: sheets[1], remaining: 1 });
  const last = answers[2]!;
  assert.ok(last.ok && last.status === 'LOADED');
  assert.equal(last.kcv, kcv);
  assert.deepEqual(last.componentKcvs, sheets);
  assert.equal(await terminal.getKeyCheckValue('KEK-4'), keyCheckValue('AES', hex(AES_KEK.repeat(2))));
});

test('a component out of order starts the entry anew', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  const enter = (key: number, number: number) =>
    terminal.loadKeyComponent(0, { algorithm: 'TDES', component: hex(KEYS[key]!), number, of: 3 });
  assert.equal((await enter(0, 1)).status, 'COMPONENT_TAKEN');
  assert.equal((await enter(1, 3)).status, 'COMPONENT_ORDER');
  assert.equal((await enter(1, 2)).status, 'COMPONENT_ORDER');
  for (const number of [1, 2]) assert.equal((await enter(number, number)).status, 'COMPONENT_TAKEN');
  assert.equal((await enter(3, 3)).status, 'LOADED');
});

test('components wait for the others for 15 minutes', async () => {
  let now = 0;
  using terminal = openSoftwareTerminal({ store: new MemoryStore(), clock: () => now });
  const enter = (number: number) =>
    terminal.loadKeyComponent(0, { algorithm: 'TDES', component: hex(KEYS[number]!), number, of: 3 });
  assert.equal((await enter(1)).status, 'COMPONENT_TAKEN');
  now = 15 * 60_000;
  assert.equal((await enter(2)).status, 'COMPONENT_TAKEN');
  now += 1;
  assert.equal((await enter(3)).status, 'COMPONENT_ORDER');
  for (const number of [1, 2]) assert.equal((await enter(number)).status, 'COMPONENT_TAKEN');
  assert.equal((await enter(3)).status, 'LOADED');
});

test('a new KEK comes under the old one, and takes its place', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const next = block(TDES_KEK, 'B', 'K0TD01N', KEYS[0]!);
  assert.equal(await statusOf(terminal, next), 'LOADED');
  assert.equal(await statusOf(terminal, p0('00', 1)), 'VERIFICATION_FAILED');
  assert.equal(await statusOf(terminal, p0('00', 1, KEYS[0])), 'LOADED');
  assert.equal(await statusOf(terminal, block(KEYS[0]!, 'B', 'K0TD00N', KEYS[2]!)), 'KEY_VERSION_LOWER');
});

test('versions only go up; what is erased leaves its version behind, until zeroize', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  assert.equal(await statusOf(terminal, p0('05', 0)), 'LOADED', 'the first load is free');
  assert.equal(await statusOf(terminal, p0('05', 1)), 'SLOT_OCCUPIED');
  assert.equal(await statusOf(terminal, p0('05', 1), { overwrite: true }), 'LOADED');
  assert.equal(await statusOf(terminal, p0('06', 2)), 'LOADED');
  await terminal.eraseKey('PIN-0');
  assert.equal(await statusOf(terminal, p0('05', 3)), 'KEY_VERSION_LOWER');
  assert.equal(await statusOf(terminal, p0('06', 3)), 'LOADED');
  await terminal.zeroize();
  await enterKek(terminal, TDES_KEK, 'TDES');
  assert.equal(await statusOf(terminal, p0('00', 4)), 'LOADED');
});

test('compat:qpos replaces a key by one of the same version, and says so', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path, policy: 'compat:qpos' });
  await enterKek(terminal, TDES_KEK, 'TDES');
  await terminal.sendTR31Key(p0('00', 0));
  const result = await terminal.sendTR31Key(p0('00', 1));
  assert.deepEqual(result.ok && result.relaxations, ['SAME_VERSION']);
});

test('TDES keys that differ in parity alone are the same key', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  assert.equal(await statusOf(terminal, p0('00', 0)), 'LOADED');
  const turned = hex(KEYS[0]!).expose((bytes) => Buffer.from(bytes.map((byte) => byte ^ 1)).toString('hex'));
  assert.equal(await statusOf(terminal, block(TDES_KEK, 'B', 'D0TE00N', turned)), 'DUPLICATE_KEY');
  const kek = block(TDES_KEK, 'B', 'K0TD00N', TDES_KEK);
  assert.equal(await statusOf(terminal, kek, { index: 1 }), 'DUPLICATE_KEY');
});

test('the same value may be an initial key and another key; an initial key never starts over', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterKek(terminal, TDES_KEK, 'TDES');
  assert.equal(await statusOf(terminal, p0('00', 0)), 'LOADED');
  const b1 = (version: string, key: number, ksn = KSN) =>
    block(TDES_KEK, 'B', `B1TX${version}N`, KEYS[key]!, [ks(ksn)]);
  assert.equal(await statusOf(terminal, b1('00', 0)), 'LOADED');
  assert.equal(await statusOf(terminal, b1('00', 0, 'FFFF9876543211E00000'), { index: 1 }), 'LOADED');
  assert.equal(await statusOf(terminal, b1('01', 1)), 'LOADED');
  for (const index of [0, 1, 2] as const) {
    assert.equal(await statusOf(terminal, b1('02', 0), { index }), 'KSN_IN_USE');
  }
  await terminal.eraseKey('DUKPT-0');
  assert.equal(await statusOf(terminal, b1('02', 1)), 'KSN_IN_USE');
});

test('the KSN beside the block: of TDES in 16 digits too, of AES with a counter', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path });
  await enterBothKeks(terminal);
  const tdes = await terminal.sendTR31Key(block(TDES_KEK, 'B', 'B1TX00N', KEYS[0]!), { ksn: KSN.slice(4) });
  assert.equal(tdes.ok && tdes.ksn, KSN);
  const text = block(AES_KEK, 'D', 'B1AX00N', KEYS[1]!, [ik('1234567890123456')]);
  const ksn = '123456789012345600000003';
  const aes = await terminal.sendTR31Key(text, { index: 1, kbpk: 'KEK-1', ksn });
  assert.equal(aes.ok && aes.ksn, ksn);
  const answer = await terminal.encryptPin({ slot: 'DUKPT-1', pin: pin(), pan: PAN, format: 4 });
  assert.equal(answer.ksn, '123456789012345600000004');
});

test('updateKeyByTR31 is sendTR31Key with the index first; a right check value passes', async () => {
  using directory = scratch();
  using terminal = openSoftwareTerminal({ directory: directory.path, serial: 'T-7' });
  await enterKek(terminal, TDES_KEK, 'TDES');
  const kcv = keyCheckValue('TDES', hex(KEYS[0]!), 8);
  const result = await terminal.updateKeyByTR31(3, p0('00', 0), { expectedKcv: kcv.toLowerCase() });
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.slot, 'PIN-3');
  const { serial, state, loads, keys } = await terminal.info();
  assert.deepEqual([serial, state, loads], ['T-7', 'READY', 2]);
  assert.deepEqual(keys[1], {
    slot: 'PIN-3',
    keyUsage: 'P0',
    algorithm: 'T',
    modeOfUse: 'E',
    keyVersion: '00',
    exportability: 'N',
    kcv: kcv.slice(0, 6),
    relaxations: [],
  });
  assert.deepEqual(await terminal.getKeyInfo('PIN-3'), keys[1]);
});
