import { encodeAscii } from '@keywright/crypto';
import type { TerminalListener } from '../events.ts';
import type {
  ComponentInput,
  DataRequest,
  KeyCryptogram,
  LoadOptions,
  MacRequest,
  PinRequest,
  TerminalCertificates,
  TokenSigner,
} from '../pos-terminal.ts';
import type { SlotIndex, SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { RefusingTerminal } from '../refusing-terminal.ts';
import type {
  BindResult,
  ComponentResult,
  DeviceCertificate,
  KeyInfo,
  LoadResult,
  TerminalInfo,
} from '../results.ts';
import { FileStore } from '../store/file-store.ts';
import type { TerminalStore } from '../store/terminal-store.ts';
import { ComponentLoader } from './component-loader.ts';
import { describeKey, kcvOf } from './key-info.ts';
import { KeyUser } from './key-user.ts';
import { loadKeyBlock } from './load-key-block.ts';
import { loadKeyCryptogram } from './load-key-cryptogram.ts';
import type { PinRate } from './pin-rate.ts';
import { TerminalCore, type TerminalRules } from './terminal-core.ts';
import { withKey } from './terminal-state.ts';
import type { DeviceKeySource } from './tr34-certificates.ts';
import { Tr34Device } from './tr34-device.ts';

export interface SoftwareTerminalOptions extends TerminalRules {
  /** Where the terminal keeps its keys; made when there is none. One terminal at a time can have it open. */
  directory?: string;
  /** In place of `directory`: another store, which stays the caller's when the terminal is disposed of. */
  store?: TerminalStore;
  /** Printable ASCII, with `directory`. Of a new terminal drawn at random unless given; of an existing one it must be the same. */
  serial?: string;
  /** How many PINs it encrypts; 127 in a row and one each 30 seconds unless given, as many as you like with `unlimited`. */
  pinRate?: PinRate | 'unlimited';
  /** Where its RSA key pair for TR-34 comes from when it first needs one; a fresh one of 3072 bits unless given. */
  deviceKey?: DeviceKeySource;
}

function storeOf({ directory, store, serial }: SoftwareTerminalOptions): TerminalStore {
  if (serial !== undefined) encodeAscii(serial, 'serial');
  if (store !== undefined && directory === undefined && serial === undefined) return store;
  if (directory !== undefined && store === undefined) return new FileStore(directory, serial);
  throw new TypeError('a software terminal needs a directory, with a serial or without, or else a store');
}

/**
 * A terminal in software, for tests and for development: it makes the checks of real ones and keeps its keys in a store. Whatever a
 * call changes is stored before it answers; a DUKPT key is used only after its register was erased there.
 */
class SoftwareTerminal extends RefusingTerminal implements Disposable {
  readonly #core: TerminalCore;
  readonly #components: ComponentLoader;
  readonly #keys: KeyUser;
  readonly #tr34: Tr34Device;

  constructor(options: SoftwareTerminalOptions) {
    super(options.clock);
    this.#core = new TerminalCore(storeOf(options), options, this.events);
    this.#components = new ComponentLoader(this.#core);
    this.#keys = new KeyUser(this.#core, options.pinRate);
    this.#tr34 = new Tr34Device(this.#core, options.deviceKey);
  }

  override async info(): Promise<TerminalInfo> {
    const { memory, rules } = this.#core;
    const { serial, tampered } = memory;
    const model = `Keywright software terminal, ${rules.profile.name}, ${rules.policy}`;
    if (tampered) return { serial, state: 'TAMPERED', model, loads: 0, keys: [] };
    const { loads, keys } = memory.state;
    const { host } = this.#tr34;
    const described = [...keys].map(([slot, key]) => describeKey(slot, key));
    return { serial, state: 'READY', model, loads, keys: described, ...(host && { host }) };
  }

  override async sendTR31Key(block: string, options: LoadOptions = {}): Promise<LoadResult> {
    const { rules } = this.#core;
    return this.#core.load('sendTR31Key', (state) => loadKeyBlock(state, block, options, rules));
  }

  override async loadKeyCryptogram(input: KeyCryptogram): Promise<LoadResult> {
    const { rules } = this.#core;
    return this.#core.load('loadKeyCryptogram', (state) => loadKeyCryptogram(state, input, rules));
  }

  override async loadKeyComponent(
    target: SlotIndex | SlotName,
    input: ComponentInput,
  ): Promise<ComponentResult> {
    return this.#components.load(target, input);
  }

  override async encryptPin(request: PinRequest): Promise<{ pinBlock: string; ksn?: string }> {
    return this.#keys.encryptPin(request);
  }

  override async encryptData(request: DataRequest): Promise<{ ciphertext: string; ksn?: string }> {
    return this.#keys.encryptData(request);
  }

  override async generateMac(request: MacRequest): Promise<{ mac: string; ksn?: string }> {
    return this.#keys.generateMac(request);
  }

  override async getKeyCheckValue(slot: SlotName, length = 3): Promise<string> {
    return kcvOf(this.#core.find(slot), length);
  }

  override async getKeyInfo(slot: SlotName): Promise<KeyInfo> {
    return describeKey(slot, this.#core.find(slot));
  }

  override async getKsn(slot: SlotName): Promise<string> {
    const { dukpt } = this.#core.find(slot);
    if (dukpt === undefined) throw new TerminalError('WRONG_KEY', `${slot} has no DUKPT key set, and no KSN`);
    return dukpt.ksn;
  }

  override async getTR31Token(): Promise<string> {
    return this.#tr34.tr31Token();
  }

  override async getDeviceCertificate(): Promise<DeviceCertificate> {
    return this.#tr34.certificate();
  }

  override async createCsr(): Promise<Uint8Array> {
    return this.#tr34.createCsr();
  }

  override async storeCertificates(certificates: TerminalCertificates): Promise<BindResult> {
    return this.#tr34.storeCertificates(certificates);
  }

  override async getTR34RandomToken(): Promise<Uint8Array> {
    return this.#tr34.randomToken();
  }

  override async bindTR34(credentialToken: Uint8Array): Promise<BindResult> {
    return this.#tr34.bind(credentialToken);
  }

  override async rebindTR34(token: Uint8Array, signer: TokenSigner = 'host'): Promise<BindResult> {
    return this.#tr34.rebind(token, signer);
  }

  override async unbindTR34(token: Uint8Array, signer: TokenSigner = 'host'): Promise<BindResult> {
    return this.#tr34.unbind(token, signer);
  }

  override async loadTR34Key(
    keyToken: Uint8Array,
    options: Omit<LoadOptions, 'kbpk'> = {},
  ): Promise<LoadResult> {
    return this.#tr34.loadKey(keyToken, options);
  }

  override async eraseKey(slot: SlotName): Promise<void> {
    this.#core.find(slot);
    this.#core.memory.commit(withKey(this.#core.state, slot, undefined));
    this.events.emit({ type: 'key-erased', slot });
  }

  override async zeroize(): Promise<void> {
    this.#components[Symbol.dispose]();
    this.#tr34.reset();
    this.#core.memory.zeroize();
    this.events.emit({ type: 'zeroized' });
  }

  /** A terminal that was found tampered with when it was opened tells each listener so. */
  override onEvent(listener: TerminalListener): Disposable {
    const listening = super.onEvent(listener);
    if (this.#core.memory.tampered) this.events.emit({ type: 'tampered' });
    return listening;
  }

  /** Wipes the keys in memory and lets go of the store. */
  [Symbol.dispose](): void {
    this.#components[Symbol.dispose]();
    this.#core[Symbol.dispose]();
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
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
