import { type BlockCipherName, encodeAscii, type Secret } from '@keywright/crypto';
import { assertPolicy, type PolicyName } from '../policy.ts';
import type {
  ComponentInput,
  DataRequest,
  KeyCryptogram,
  LoadOptions,
  MacRequest,
  PinRequest,
} from '../pos-terminal.ts';
import { findProfile, type ProfileName, rulesOf } from '../profiles/index.ts';
import { chooseSlot } from '../profiles/slot-choice.ts';
import type { SlotIndex, SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { refusedBy } from '../refused.ts';
import { RefusingTerminal } from '../refusing-terminal.ts';
import type {
  ComponentResult,
  ComponentsLoaded,
  ComponentTaken,
  KeyInfo,
  LoadResult,
  Refused,
  TerminalInfo,
} from '../results.ts';
import { FileStore } from '../store/file-store.ts';
import type { TerminalStore } from '../store/terminal-store.ts';
import type { Loading, LoadRules } from './accept-key.ts';
import { ComponentEntries, componentKcv } from './component-entry.ts';
import { takeTransaction, workingKey } from './dukpt-slot.ts';
import { DATA, findKey, findKeyFor, MAC, type Operation, PIN } from './find-key.ts';
import { describeKey, kcvOf } from './key-info.ts';
import {
  cbcUnder,
  checkData,
  checkFormat,
  checkMacLength,
  cipherOf,
  macUnder,
  pinBlockUnder,
  takePin,
} from './key-use.ts';
import { checkComponentEntry, loadClearKek } from './load-clear-kek.ts';
import { loadKeyBlock } from './load-key-block.ts';
import { loadKeyCryptogram } from './load-key-cryptogram.ts';
import { PIN_RATE, type PinRate, takeToken } from './pin-rate.ts';
import { TerminalMemory } from './terminal-memory.ts';
import { type StoredKey, type TerminalState, withKey } from './terminal-state.ts';

export interface SoftwareTerminalOptions {
  /** Where the terminal keeps its keys; made when there is none. One terminal at a time can have it open. */
  directory?: string;
  /** In place of `directory`: another store, which stays the caller's when the terminal is disposed of. */
  store?: TerminalStore;
  /** Printable ASCII, with `directory`. Of a new terminal drawn at random unless given; of an existing one it must be the same. */
  serial?: string;
  /** Which slots there are: `generic-ped` unless given. */
  profile?: ProfileName;
  /** `strict` unless given. */
  policy?: PolicyName;
  /** Keys that it takes until it is zeroized; 10,000 unless given. */
  loadLimit?: number;
  /** How many PINs it encrypts; 127 in a row and one each 30 seconds unless given, as many as you like with `unlimited`. */
  pinRate?: PinRate | 'unlimited';
  /** Milliseconds since 1970; the computer's clock unless given. */
  clock?: () => number;
}

function storeOf({ directory, store, serial }: SoftwareTerminalOptions): TerminalStore {
  if (serial !== undefined) encodeAscii(serial, 'serial');
  if (store !== undefined && directory === undefined && serial === undefined) return store;
  if (directory !== undefined && store === undefined) return new FileStore(directory, serial);
  throw new TypeError('a software terminal needs a directory, with a serial or without, or else a store');
}

/**
 * A terminal in software, for tests and for development: it makes the checks of real ones and keeps its keys in a sealed store.
 * Whatever a call changes is stored before it answers; a DUKPT key is used only after its register was erased there.
 */
class SoftwareTerminal extends RefusingTerminal implements Disposable {
  readonly #rules: LoadRules;
  readonly #pinRate: PinRate | 'unlimited';
  readonly #clock: () => number;
  readonly #memory: TerminalMemory;
  readonly #entries = new ComponentEntries();

  constructor(options: SoftwareTerminalOptions) {
    const { policy = 'strict', profile = 'generic-ped', loadLimit = 10_000, clock = Date.now } = options;
    super(clock);
    assertPolicy(policy);
    this.#rules = { profile: findProfile(profile), policy, loadLimit };
    this.#pinRate = options.pinRate ?? PIN_RATE;
    this.#clock = clock;
    this.#memory = new TerminalMemory(storeOf(options));
  }

  override async info(): Promise<TerminalInfo> {
    const { serial, tampered } = this.#memory;
    const model = `Keywright software terminal, ${this.#rules.profile.name}, ${this.#rules.policy}`;
    if (tampered) return { serial, state: 'TAMPERED', model, loads: 0, keys: [] };
    const { loads, keys } = this.#memory.state;
    return {
      serial,
      state: 'READY',
      model,
      loads,
      keys: [...keys].map(([slot, key]) => describeKey(slot, key)),
    };
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    return this.#load('sendTR31Key', (state) => loadKeyBlock(state, block, options, this.#rules));
  }

  override async loadKeyCryptogram(input: KeyCryptogram): Promise<LoadResult> {
    return this.#load('loadKeyCryptogram', (state) => loadKeyCryptogram(state, input, this.#rules));
  }

  override async loadKeyComponent(
    target: SlotIndex | SlotName,
    input: ComponentInput,
  ): Promise<ComponentResult> {
    return this.#answer('loadKeyComponent', () => this.#enterComponent(this.#kekSlot(target), input));
  }

  override async encryptPin(request: PinRequest): Promise<{ pinBlock: string; ksn?: string }> {
    const key = this.#keyFor(PIN, request.slot);
    checkFormat(request.format, cipherOf(key));
    takePin(request);
    const state = this.#takePinToken(this.#memory.state);
    return this.#useKey(PIN, request.slot, state, (secret) => ({
      pinBlock: pinBlockUnder(secret, cipherOf(key), request),
    }));
  }

  override async encryptData(request: DataRequest): Promise<{ ciphertext: string; ksn?: string }> {
    const key = this.#keyFor(DATA, request.slot);
    checkData(request, cipherOf(key));
    return this.#useKey(DATA, request.slot, this.#memory.state, (secret, cipher) => ({
      ciphertext: cbcUnder(secret, cipher, request),
    }));
  }

  override async generateMac(request: MacRequest): Promise<{ mac: string; ksn?: string }> {
    const key = this.#keyFor(MAC, request.slot);
    checkMacLength(request);
    return this.#useKey(MAC, request.slot, this.#memory.state, (secret) => ({
      mac: macUnder(secret, key, request),
    }));
  }

  override async getKeyCheckValue(slot: SlotName, length = 3): Promise<string> {
    return kcvOf(this.#find(slot), length);
  }

  override async getKeyInfo(slot: SlotName): Promise<KeyInfo> {
    return describeKey(slot, this.#find(slot));
  }

  override async getKsn(slot: SlotName): Promise<string> {
    const { dukpt } = this.#find(slot);
    if (dukpt === undefined) throw new TerminalError('WRONG_KEY', `${slot} has no DUKPT key set, and no KSN`);
    return dukpt.ksn;
  }

  override async eraseKey(slot: SlotName): Promise<void> {
    this.#find(slot);
    this.#memory.commit(withKey(this.#memory.state, slot, undefined));
    this.events.emit({ type: 'key-erased', slot });
  }

  override async zeroize(): Promise<void> {
    this.#entries[Symbol.dispose]();
    this.#memory.zeroize();
    this.events.emit({ type: 'zeroized' });
  }

  /** Wipes the keys in memory and lets go of the store. */
  [Symbol.dispose](): void {
    this.#entries[Symbol.dispose]();
    this.#memory[Symbol.dispose]();
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }

  #answer<T>(operation: string, action: () => T): T | Refused {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      this.events.emit({ type: 'refused', operation, status: error.code });
      return refusedBy(error);
    }
  }

  #load(operation: string, load: (state: TerminalState) => Loading): LoadResult {
    return this.#answer(operation, () => this.#keep(load(this.#memory.state)));
  }

  #keep({ state, loaded }: Loading): Loading['loaded'] {
    this.#memory.commit(state);
    const { slot, usage, kcv, relaxations } = loaded;
    this.events.emit({ type: 'key-loaded', slot, usage, kcv });
    for (const relaxation of relaxations) this.events.emit({ type: 'relaxed', slot, relaxation });
    return loaded;
  }

  #kekSlot(target: SlotIndex | SlotName): SlotName {
    const wish = typeof target === 'number' ? { index: target } : { slot: target };
    return chooseSlot(this.#rules.profile, 'K0', wish);
  }

  #enterComponent(slot: SlotName, input: ComponentInput): ComponentTaken | ComponentsLoaded {
    checkComponentEntry(this.#memory.state, slot, input.algorithm, this.#rules);
    const kcv = componentKcv(input);
    const entered = this.#entries.take(slot, input);
    if (entered === undefined) {
      const remaining = input.of - input.number;
      this.events.emit({ type: 'component-taken', slot, remaining });
      return { ok: true, status: 'COMPONENT_TAKEN', slot, kcv, remaining };
    }
    const { algorithm, componentKcvs } = entered;
    using key = entered.key;
    return {
      ...this.#keep(loadClearKek(this.#memory.state, slot, algorithm, key, this.#rules)),
      componentKcvs,
    };
  }

  #find(slot: SlotName): StoredKey {
    return findKey(this.#memory.state, this.#rules.profile, slot);
  }

  #keyFor(operation: Operation, slot: SlotName): StoredKey {
    rulesOf(this.#rules.profile, slot);
    return findKeyFor(operation, this.#memory.state, slot, this.#rules);
  }

  #takePinToken(state: TerminalState): TerminalState {
    if (this.#pinRate === 'unlimited') return state;
    return { ...state, pins: takeToken(state.pins, this.#pinRate, this.#clock()) };
  }

  /** Uses a key after everything that the use changes is stored: the transaction key struck off, the token taken. */
  #useKey<T extends object>(
    { usage }: Operation,
    slot: SlotName,
    state: TerminalState,
    use: (secret: Secret, cipher: BlockCipherName) => T,
  ): T & { ksn?: string } {
    const key = state.keys.get(slot)!;
    if (key.dukpt === undefined) {
      if (state !== this.#memory.state) this.#memory.commit(state);
      return use(key.material, cipherOf(key));
    }
    const { algorithm } = key.attributes;
    const transaction = takeTransaction(algorithm, key.material);
    using _current = transaction.currentKey;
    const { ksn, registers } = transaction;
    const moved = { ...key, material: registers, dukpt: { ...key.dukpt, ksn } };
    this.#memory.commit(withKey(state, slot, moved));
    using working = workingKey(algorithm, transaction, usage);
    return { ...use(working, cipherOf(key)), ksn };
  }
}

export type { SoftwareTerminal };

/**
 * Opens a software terminal, a new one when its directory or store has none.
 *
 * @throws TypeError when there is no such policy or slot profile, or neither directory nor store, or both
 * @throws RangeError when the serial number is another than that of the directory
 * @throws Error when another terminal has the store open
 */
export function openSoftwareTerminal(options: SoftwareTerminalOptions): SoftwareTerminal {
  return new SoftwareTerminal(options);
}
