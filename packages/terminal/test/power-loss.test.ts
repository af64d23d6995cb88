// Power is cut, or the disk fails, before each single operation on the disk, with every aftermath.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSoftwareTerminal, type PosTerminal } from '@keywright/terminal';
import { type Answer, ask, counterOf, hostAgrees, initialKeyBlock, ksnOf } from './host.ts';
import { AFTERMATHS, PowerCut, SimulatedStore } from './simulated-disk.ts';
import { AES_KEK, block, enterKek } from './support.ts';
import { KRD, NOW } from './tr34-parties.ts';

const KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
const NEXT_KEK = '0F1E2D3C4B5A69788796A5B4C3D2E1F0';
const [TDES_KSN, AES_KSN] = [ksnOf('TDES', 1), ksnOf('AES', 2)];

function open(store: SimulatedStore) {
  return openSoftwareTerminal({ store, clock: () => NOW, deviceKey: async () => KRD.privateKey });
}

/** A terminal's life, step by step: what is answered in it, and what must be so once a step was answered. */
const LIFE: ((terminal: PosTerminal, answers: Answer[]) => Promise<unknown>)[] = [
  (terminal) => enterKek(terminal, AES_KEK, 'AES'),
  (terminal) => terminal.sendTR31Key(initialKeyBlock(AES_KEK, TDES_KSN)),
  async (terminal, answers) => answers.push(await ask(terminal, 'DUKPT-0', 'pin', 'TDES')),
  (terminal) => terminal.sendTR31Key(initialKeyBlock(AES_KEK, AES_KSN), { index: 1 }),
  async (terminal, answers) => answers.push(await ask(terminal, 'DUKPT-1', 'data', 'AES')),
  async (terminal, answers) => answers.push(await ask(terminal, 'DUKPT-0', 'mac', 'TDES')),
  (terminal) => terminal.sendTR31Key(block(AES_KEK, 'D', 'P0AE00N', KEY)),
  (terminal) => terminal.createCsr(),
  (terminal) => terminal.eraseKey('PIN-0'),
  (terminal) => terminal.sendTR31Key(block(AES_KEK, 'D', 'K0AD01N', NEXT_KEK)),
  async (terminal, answers) => answers.push(await ask(terminal, 'DUKPT-1', 'pin', 'AES')),
  async (terminal, answers) => answers.push(await ask(terminal, 'DUKPT-0', 'data', 'TDES')),
];

async function live(store: SimulatedStore, answers: Answer[]): Promise<number> {
  let done = 0;
  using terminal = open(store);
  for (const step of LIFE) {
    await step(terminal, answers);
    done += 1;
  }
  return done;
}

/** What a terminal tells after it has lived its first steps undisturbed. */
async function expectedAfter(steps: number): Promise<unknown> {
  const store = new SimulatedStore();
  using terminal = open(store);
  for (const step of LIFE.slice(0, steps)) await step(terminal, []);
  return (await terminal.info()).keys;
}

function assertSound(answers: readonly Answer[], where: string): void {
  const ksns = answers.map(({ ksn }) => ksn);
  assert.equal(new Set(ksns).size, ksns.length, `${where}: a KSN came twice in ${ksns.join(', ')}`);
  for (const answer of answers) assert.ok(hostAgrees(answer), `${where}: ${JSON.stringify(answer)}`);
}

/** Each DUKPT key set goes on, behind everything that it has answered. */
async function goOn(terminal: PosTerminal, answers: Answer[], where: string): Promise<void> {
  const { state, keys } = await terminal.info();
  assert.equal(state, 'READY', where);
  for (const { slot, ksn } of keys) {
    if (ksn === undefined) continue;
    const answer = await ask(terminal, slot, 'pin', slot === 'DUKPT-0' ? 'TDES' : 'AES');
    assert.ok(counterOf(answer.ksn) > counterOf(ksn), where);
    answers.push(answer);
  }
}

/** The operations on the disk in a whole life. */
async function lengthOfLife(): Promise<number> {
  const store = new SimulatedStore();
  assert.equal(await live(store, []), LIFE.length);
  return store.disk.operations;
}

test('power cut before each operation on the disk: as before the step or as after it, and no key comes twice', async () => {
  const operations = await lengthOfLife();
  assert.ok(operations > 80, `${operations} operations`);
  const expected: string[] = [];
  for (let steps = 0; steps <= LIFE.length; steps++)
    expected.push(JSON.stringify(await expectedAfter(steps)));
  for (let cut = 0; cut < operations; cut++) {
    for (const aftermath of AFTERMATHS) {
      const where = `cut before operation ${cut + 1}, data ${aftermath.data}, names ${aftermath.names}`;
      const store = new SimulatedStore();
      const answers: Answer[] = [];
      let done = 0;
      store.disk.arm(cut);
      try {
        using terminal = open(store);
        for (const step of LIFE) {
          await step(terminal, answers);
          done += 1;
        }
        assert.fail(`${where}: no power cut`);
      } catch (error) {
        assert.ok(error instanceof PowerCut, String(error));
      }
      store.disk.restart(aftermath);
      using terminal = open(store);
      const { keys } = await terminal.info();
      const found = expected.indexOf(JSON.stringify(keys));
      assert.ok(expected[done] === expected[found] || expected[done + 1] === expected[found], where);
      await goOn(terminal, answers, where);
      assertSound(answers, where);
    }
  }
});

test('the disk fails once before each operation: the step can be made again, and no key comes twice', async () => {
  const operations = await lengthOfLife();
  for (let failure = 0; failure < operations; failure++) {
    const where = `failure at operation ${failure + 1}`;
    const store = new SimulatedStore();
    const answers: Answer[] = [];
    store.disk.arm(failure, 'error');
    let opened: PosTerminal & Disposable;
    try {
      opened = open(store);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'EIO');
      opened = open(store);
    }
    using terminal = opened;
    for (const step of LIFE) {
      try {
        await step(terminal, answers);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'EIO', String(error));
        await step(terminal, answers);
      }
    }
    await goOn(terminal, answers, where);
    assertSound(answers, where);
    terminal[Symbol.dispose]();
    using again = open(store);
    await goOn(again, answers, where);
    assertSound(answers, where);
  }
});

test('power cut in a zeroize: the terminal is as it was or blank, never half', async () => {
  for (let cut = 0; cut < 4; cut++) {
    for (const aftermath of AFTERMATHS) {
      const store = new SimulatedStore();
      await live(store, []);
      const before = JSON.stringify(await expectedAfter(LIFE.length));
      store.disk.arm(cut);
      {
        using terminal = open(store);
        await assert.rejects(terminal.zeroize(), PowerCut);
      }
      store.disk.restart(aftermath);
      using terminal = open(store);
      const { state, keys } = await terminal.info();
      assert.equal(state, 'READY');
      assert.ok(keys.length === 0 || JSON.stringify(keys) === before, `cut before operation ${cut + 1}`);
    }
  }
});
