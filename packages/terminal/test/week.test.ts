// A week of a terminal's life, drawn at random: loads, uses, rotations, erasures, power cuts, a failing disk, a jumping clock. No KSN of an
// initial key comes twice, and the host, which derives from the BDK alone, understands everything that the terminal answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex, keyCheckValue, randomBytes } from '@keywright/crypto';
import { openSoftwareTerminal, type SoftwareTerminal, TerminalError } from '@keywright/terminal';
import fc from 'fast-check';
import {
  type Answer,
  ask,
  counterOf,
  hostAgrees,
  initialKeyBlock,
  ksnOf,
  type Scheme,
  schemeOf,
} from './host.ts';
import { AFTERMATHS, type Aftermath, PowerCut, SimulatedStore } from './simulated-disk.ts';
import { block, enterKek, hex } from './support.ts';

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const START = Date.parse('2030-06-01T12:00:00Z');

type Action =
  | { type: 'load'; slot: number; scheme: Scheme; rise: number; overwrite: boolean }
  | { type: 'replay'; which: number; slot: number }
  | { type: 'use'; slot: number; kind: Answer['kind'] }
  | { type: 'rotate' }
  | { type: 'erase'; slot: number }
  | { type: 'zeroize' }
  | { type: 'off' }
  | { type: 'clock'; by: number };

/** What goes wrong in an action: at which operation on the disk, and what is left. */
interface Trouble {
  readonly after: number;
  readonly failure: 'power' | 'error';
  readonly aftermath: Aftermath;
}

const slot = fc.integer({ min: 0, max: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('load' as const),
      slot,
      scheme: fc.constantFrom<Scheme>('TDES', 'AES'),
      rise: fc.integer({ min: 0, max: 1 }),
      overwrite: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('replay' as const), which: fc.nat(50), slot }) },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('use' as const),
      slot,
      kind: fc.constantFrom('pin' as const, 'data' as const, 'mac' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rotate' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('erase' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('off' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('clock' as const), by: fc.integer({ min: -WEEK, max: WEEK }) }),
  },
);
/** Rare, so that something has grown up before it. */
const anyAction = fc.oneof(
  { weight: 60, arbitrary: action },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('zeroize' as const) }) },
);
const trouble: fc.Arbitrary<Trouble | undefined> = fc.oneof(
  { weight: 7, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      after: fc.nat(8),
      failure: fc.constantFrom('power' as const, 'error' as const),
      aftermath: fc.constantFrom(...AFTERMATHS),
    }),
  },
);
const week = fc.array(fc.tuple(anyAction, trouble), { minLength: 150, maxLength: 250 });

/** Refusals that a life may bring. */
const EXPECTED = ['SLOT_EMPTY', 'SLOT_OCCUPIED', 'KEY_VERSION_LOWER', 'KSN_IN_USE', 'PIN_RATE'];

/** The terminal and its host. */
class World {
  readonly store = new SimulatedStore();
  now = START;
  /** Every KEK that the terminal was given; after a power cut its check value tells which one it has. */
  readonly keks = new Map<string, string>();
  kekVersion = 0;
  /** Counts the KSNs that the host has given out: none twice. */
  serials = 0;
  keyVersion = 0;
  readonly blocks: string[] = [];
  answers = 0;
  cuts = 0;
  /** Of each initial key the highest counter answered. */
  readonly #highest = new Map<string, number>();
  #terminal: SoftwareTerminal | undefined;

  get terminal(): SoftwareTerminal {
    this.#terminal ??= openSoftwareTerminal({
      store: this.store,
      clock: () => this.now,
      pinRate: { tokens: 20, secondsPerToken: 30 },
    });
    return this.#terminal;
  }

  off(): void {
    this.#terminal?.[Symbol.dispose]();
    this.#terminal = undefined;
  }

  newKek(): string {
    const kek = encodeHex(randomBytes(16));
    this.keks.set(keyCheckValue('AES', hex(kek)), kek);
    return kek;
  }

  /** The KEK that the terminal has; a blank one gets its first. */
  async kek(): Promise<string> {
    const { state, keys } = await this.terminal.info();
    assert.equal(state, 'READY');
    const held = keys.find(({ slot }) => slot === 'KEK-0');
    if (held === undefined) {
      await enterKek(this.terminal, this.newKek(), 'AES');
      return this.kek();
    }
    const kek = this.keks.get(held.kcv!);
    assert.ok(kek, 'the terminal has a KEK that nobody gave it');
    return kek;
  }

  hear(answer: Answer): void {
    const id = answer.ksn.slice(0, schemeOf(answer.ksn) === 'AES' ? 16 : 15) + answer.ksn.length;
    const counter = counterOf(answer.ksn);
    const before = this.#highest.get(id) ?? 0;
    assert.ok(counter > before, `counter ${counter} after ${before} of ${id}`);
    this.#highest.set(id, counter);
    assert.ok(hostAgrees(answer), JSON.stringify(answer));
    this.answers += 1;
  }
}

function twoDigits(version: number): string {
  return String(Math.min(99, version)).padStart(2, '0');
}

/** What each action does; what a terminal may refuse is thrown, or is the status of the result. */
const ACTIONS: {
  [Type in Action['type']]: (world: World, action: Extract<Action, { type: Type }>) => Promise<unknown>;
} = {
  async load(world, { slot: index, scheme, rise, overwrite }) {
    world.keyVersion += rise;
    const ksn = ksnOf(scheme, world.serials++);
    const text = initialKeyBlock(await world.kek(), ksn, twoDigits(world.keyVersion));
    world.blocks.push(text);
    return world.terminal.sendTR31Key(text, { index, overwrite });
  },
  /** Whatever the terminal makes of an old block, `hear` holds that no counter comes again. */
  async replay(world, { which, slot: index }) {
    const old = world.blocks[which % Math.max(1, world.blocks.length)];
    return old && world.terminal.sendTR31Key(old, { index, overwrite: true });
  },
  async use(world, { slot: index, kind }) {
    const name = `DUKPT-${index}`;
    const scheme = schemeOf(await world.terminal.getKsn(name));
    world.hear(await ask(world.terminal, name, kind, scheme));
  },
  async rotate(world) {
    const old = await world.kek();
    const text = block(old, 'D', `K0AD${twoDigits(++world.kekVersion)}N`, world.newKek());
    const result = await world.terminal.sendTR31Key(text, { overwrite: true });
    assert.ok(result.ok, JSON.stringify(result));
  },
  erase: (world, { slot: index }) => world.terminal.eraseKey(`DUKPT-${index}`),
  zeroize: (world) => world.terminal.zeroize(),
  off: async (world) => world.off(),
  clock: async (world, { by }) => {
    world.now += by;
  },
};

async function act(world: World, action: Action): Promise<void> {
  await world.kek();
  try {
    const perform = ACTIONS[action.type] as (world: World, action: Action) => Promise<unknown>;
    const result = (await perform(world, action)) as { ok: boolean; status: string } | undefined;
    const replayed = action.type === 'replay' && result?.status === 'VERIFICATION_FAILED';
    assert.ok(result?.ok !== false || replayed || EXPECTED.includes(result.status), JSON.stringify(result));
  } catch (error) {
    if (!(error instanceof TerminalError && EXPECTED.includes(error.code))) throw error;
  }
}

async function actInTrouble(world: World, action: Action, trouble: Trouble): Promise<void> {
  const { disk } = world.store;
  disk.arm(trouble.after, trouble.failure);
  try {
    await act(world, action);
  } catch (error) {
    const isFailure = (error as { code?: string }).code === 'EIO';
    if (!(error instanceof PowerCut) && !isFailure) throw error;
    world.cuts += 1;
    if (isFailure) return;
    world.off();
    disk.restart(trouble.aftermath);
  } finally {
    disk.disarm();
  }
}

/** Each key set of the terminal is used once more at the end. */
async function finish(world: World): Promise<void> {
  await world.kek();
  const { keys } = await world.terminal.info();
  for (const { slot: name, ksn } of keys) {
    if (ksn !== undefined) world.hear(await ask(world.terminal, name, 'data', schemeOf(ksn)));
  }
  world.off();
}

test('weeks of a terminal: no transaction key comes twice, and the host understands every answer', async () => {
  let [answers, cuts] = [0, 0];
  await fc.assert(
    fc.asyncProperty(week, async (actions) => {
      const world = new World();
      for (const [action, trouble] of actions) {
        world.now += 37 * MINUTE;
        if (trouble === undefined) await act(world, action);
        else await actInTrouble(world, action, trouble);
      }
      await finish(world);
      answers += world.answers;
      cuts += world.cuts;
    }),
    { numRuns: 25 },
  );
  assert.ok(answers > 500 && cuts > 100, `${answers} answers, ${cuts} cuts`);
});
