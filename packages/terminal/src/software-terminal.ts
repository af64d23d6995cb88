import { type BlockCipherName, encodeAscii, type Secret } from '@keywright/crypto';
import { ComponentEntries, componentKcv } from './component-entry.ts';
import { takeTransaction, workingKey } from './dukpt-slot.ts';
import { describe, kcvOf } from './key-info.ts';
import {
  cbcUnder,
  checkData,
  checkFormat,
  checkMacLength,
  cipherOf,
  DATA,
  findKey,
  findKeyFor,
  MAC,
  macUnder,
  type Operation,
  PIN,
  pinBlockUnder,
  type Request,
} from './key-use.ts';
import { type Loading, type LoadRules, loadClearKek, loadKeyBlock } from './loading.ts';
import { assertPolicy, type PolicyName } from './policy.ts';
import type {
  ComponentInput,
  ComponentsLoaded,
  ComponentTaken,
  LoadOptions,
  LoadRefused,
  LoadResult,
  PosTerminal,
  TerminalInfo,
} from './pos-terminal.ts';
import { TerminalError } from './refusals.ts';
import { assertSlot, type SlotIndex, type SlotName, slotName } from './slots.ts';
import { TerminalMemory } from './terminal-memory.ts';
import { type StoredKey, withKey } from './terminal-state.ts';

export interface SoftwareTerminalOptions {
  /** Where the terminal keeps its keys; made when there is none. One terminal at a time can have it open. */
  directory: string;
  /** Printable ASCII. Of a new terminal drawn at random unless given; of an existing one it must be the same. */
  serial?: string;
  /** `strict` unless given. */
  policy?: PolicyName;
  /** Keys that it takes until it is zeroized; 10,000 unless given. */
  loadLimit?: number;
}

/** What the check of a load throws becomes its result. */
function answering<T>(load: () => T): T | LoadRefused {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return { ok: false, status: error.code, message: error.message };
  }
}

/**
 * A terminal in software, for tests and for development: it makes the checks of real ones and keeps its keys in a sealed store.
 * Whatever a call changes is on the disk before it answers; a DUKPT key is used only after its register was erased there.
 */
class SoftwareTerminal implements PosTerminal, Disposable {
  readonly #rules: LoadRules;
  readonly #memory: TerminalMemory;
  readonly #entries = new ComponentEntries();

  constructor({ directory, serial, policy = 'strict', loadLimit = 10_000 }: SoftwareTerminalOptions) {
    assertPolicy(policy);
    if (serial !== undefined) encodeAscii(serial, 'serial');
    this.#rules = { policy, loadLimit };
    this.#memory = new TerminalMemory(directory, serial);
  }

  async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    for (const slot of [options.slot, options.kbpk]) if (slot !== undefined) assertSlot(slot);
    return answering(() => this.#keep(loadKeyBlock(this.#memory.state, block, options, this.#rules)));
  }

  async updateKeyByTR31(
    index: SlotIndex,
    block: string,
    options: Omit<LoadOptions, 'index'> = {},
  ): Promise<LoadResult> {
    return this.sendTR31Key(block, { ...options, index });
  }

  async loadKeyComponent(
    index: SlotIndex,
    input: ComponentInput,
  ): Promise<ComponentTaken | ComponentsLoaded | LoadRefused> {
    return answering(() => this.#enterComponent(slotName('KEK', index), input));
  }

  async encryptPin(request: Request<'encryptPin'>): Promise<{ pinBlock: string; ksn?: string }> {
    const key = this.#keyFor(PIN, request.slot);
    checkFormat(request.format, cipherOf(key));
    return this.#useKey(PIN, request.slot, key, (secret, cipher) => ({
      pinBlock: pinBlockUnder(secret, cipher, request),
    }));
  }

  async encryptData(request: Request<'encryptData'>): Promise<{ ciphertext: string; ksn?: string }> {
    const key = this.#keyFor(DATA, request.slot);
    checkData(request, cipherOf(key));
    return this.#useKey(DATA, request.slot, key, (secret, cipher) => ({
      ciphertext: cbcUnder(secret, cipher, request),
    }));
  }

  async generateMac(request: Request<'generateMac'>): Promise<{ mac: string; ksn?: string }> {
    const key = this.#keyFor(MAC, request.slot);
    checkMacLength(request);
    return this.#useKey(MAC, request.slot, key, (secret) => ({ mac: macUnder(secret, key, request) }));
  }

  async getKeyCheckValue(slot: SlotName, length = 3): Promise<string> {
    return kcvOf(findKey(this.#memory.state, slot), length);
  }

  async getKsn(slot: SlotName): Promise<string> {
    const { dukpt } = findKey(this.#memory.state, slot);
    if (dukpt === undefined) throw new TerminalError('WRONG_KEY', `${slot} is no DUKPT slot: it has no KSN`);
    return dukpt.ksn;
  }

  async info(): Promise<TerminalInfo> {
    const { serial, tampered } = this.#memory;
    if (tampered) return { serial, state: 'TAMPERED', loads: 0, keys: [] };
    const { loads, keys } = this.#memory.state;
    return { serial, state: 'READY', loads, keys: [...keys].map(([slot, key]) => describe(slot, key)) };
  }

  async eraseKey(slot: SlotName): Promise<void> {
    findKey(this.#memory.state, slot);
    this.#memory.commit(withKey(this.#memory.state, slot, undefined));
  }

  async zeroize(): Promise<void> {
    this.#entries[Symbol.dispose]();
    this.#memory.zeroize();
  }

  /** Wipes the keys in memory and lets go of the directory. */
  [Symbol.dispose](): void {
    this.#entries[Symbol.dispose]();
    this.#memory[Symbol.dispose]();
  }

  #keep({ state, loaded }: Loading): Loading['loaded'] {
    this.#memory.commit(state);
    return loaded;
  }

  #enterComponent(slot: SlotName, input: ComponentInput): ComponentTaken | ComponentsLoaded {
    if (this.#memory.state.keys.has(slot)) throw new TerminalError('CLEAR_LOAD_CLOSED');
    const kcv = componentKcv(input);
    const entered = this.#entries.take(slot, input);
    if (entered === undefined) {
      return { ok: true, status: 'COMPONENT_TAKEN', slot, kcv, remaining: input.of - input.number };
    }
    const { algorithm, componentKcvs } = entered;
    using key = entered.key;
    const loaded = this.#keep(loadClearKek(this.#memory.state, slot, algorithm, key, this.#rules));
    return { ...loaded, componentKcvs };
  }

  #keyFor(operation: Operation, slot: SlotName): StoredKey {
    return findKeyFor(operation, this.#memory.state, slot, this.#rules.policy);
  }

  #useKey<T extends object>(
    { usage }: Operation,
    slot: SlotName,
    key: StoredKey,
    use: (secret: Secret, cipher: BlockCipherName) => T,
  ): T & { ksn?: string } {
    if (key.dukpt === undefined) return use(key.material, cipherOf(key));
    const { algorithm } = key.attributes;
    const transaction = takeTransaction(algorithm, key.material);
    using _current = transaction.currentKey;
    const { ksn, registers } = transaction;
    const moved = { ...key, material: registers, dukpt: { ...key.dukpt, ksn } };
    this.#memory.commit(withKey(this.#memory.state, slot, moved));
    using working = workingKey(algorithm, transaction, usage);
    return { ...use(working, cipherOf(key)), ksn };
  }
}

export type { SoftwareTerminal };

/**
 * Opens a software terminal, a new one when the directory has none.
 *
 * @throws RangeError when the serial number is another than that of the directory
 * @throws Error when another terminal has the directory open
 */
export function openSoftwareTerminal(options: SoftwareTerminalOptions): SoftwareTerminal {
  return new SoftwareTerminal(options);
}
