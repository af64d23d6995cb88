import { createRandomNumberToken, randomBytes, type Secret } from '@keywright/crypto';
import type { TerminalEventKind } from '../events.ts';
import type { LoadOptions, TerminalCertificates, TokenSigner } from '../pos-terminal.ts';
import type { BindResult, BoundHost, DeviceCertificate, LoadResult } from '../results.ts';
import { loadTr34Key } from './load-tr34-key.ts';
import type { TerminalCore } from './terminal-core.ts';
import { tr31Token } from './tr31-token.ts';
import {
  bind,
  rebindByAuthority,
  rebindByHost,
  type TokenArrival,
  unbindByAuthority,
  unbindByHost,
} from './tr34-binding.ts';
import {
  certificateOf,
  type DeviceKeySource,
  newDeviceKey,
  requestOf,
  sealDeviceKey,
  storeCertificates,
} from './tr34-certificates.ts';
import { describeHost, NO_TR34, type Tr34State } from './tr34-state.ts';

const NONCE_LENGTH = 16;

type Change = (state: Tr34State, arrival: TokenArrival) => Tr34State;

const REBINDS: Readonly<Record<TokenSigner, Change>> = {
  host: rebindByHost,
  'device-authority': rebindByAuthority,
};
const UNBINDS: Readonly<Record<TokenSigner, Change>> = {
  host: unbindByHost,
  'device-authority': unbindByAuthority,
};

/** @throws RangeError unless it is a signer of tokens */
function changeOf(changes: Readonly<Record<TokenSigner, Change>>, signer: TokenSigner): Change {
  if (Object.hasOwn(changes, signer)) return changes[signer];
  throw new RangeError(`signer must be ${Object.keys(changes).join(' or ')}`);
}

/** A terminal as the key receiving device of TR-34. Its open random number is in memory alone: power off, and it is worth nothing. */
export class Tr34Device {
  readonly #core: TerminalCore;
  readonly #keySource: DeviceKeySource;
  #nonce: Uint8Array | undefined;

  constructor(core: TerminalCore, keySource: DeviceKeySource = newDeviceKey) {
    this.#core = core;
    this.#keySource = keySource;
  }

  get host(): BoundHost | undefined {
    const { host } = this.#tr34.documents;
    return host && describeHost(host);
  }

  certificate(): DeviceCertificate {
    return certificateOf(this.#tr34);
  }

  async createCsr(): Promise<Uint8Array> {
    return requestOf(await this.#privateKey(), this.#core.memory.serial);
  }

  storeCertificates(certificates: TerminalCertificates): BindResult {
    return this.#core.answer('storeCertificates', () => {
      this.#commit(storeCertificates(this.#tr34, certificates, this.#core.now), {
        type: 'certificates-stored',
      });
      return { ok: true, status: 'STORED', ...(this.host && { host: this.host }) };
    });
  }

  randomToken(): Uint8Array {
    this.#core.assertReady();
    this.#nonce = randomBytes(NONCE_LENGTH);
    return createRandomNumberToken(this.#nonce);
  }

  /** Opens a random number, as `randomToken` does: it is in the token. */
  async tr31Token(): Promise<string> {
    const privateKey = await this.#privateKey();
    this.#nonce = randomBytes(NONCE_LENGTH);
    const { memory, rules, clock, state } = this.#core;
    const { name: profile } = rules.profile;
    return tr31Token(state, privateKey, { serial: memory.serial, profile, nonce: this.#nonce, now: clock() });
  }

  bind(token: Uint8Array): BindResult {
    return this.#core.answer('bindTR34', () => this.#change('bound', bind, token));
  }

  rebind(token: Uint8Array, signer: TokenSigner): BindResult {
    const change = changeOf(REBINDS, signer);
    return this.#core.answer('rebindTR34', () => this.#change('rebound', change, token));
  }

  unbind(token: Uint8Array, signer: TokenSigner): BindResult {
    const change = changeOf(UNBINDS, signer);
    return this.#core.answer('unbindTR34', () => {
      this.#commit(change(this.#tr34, this.#arrival(token)), { type: 'unbound' });
      this.#nonce = undefined;
      return { ok: true, status: 'UNBOUND' };
    });
  }

  /** The random number is answered once a key was taken; after a refusal another token may answer it. */
  loadKey(token: Uint8Array, options: Omit<LoadOptions, 'kbpk'>): LoadResult {
    const { rules } = this.#core;
    const arrival = this.#arrival(token);
    const result = this.#core.load('loadTR34Key', (state) => loadTr34Key(state, arrival, options, rules));
    if (result.ok) this.#nonce = undefined;
    return result;
  }

  /** Forgets the open random number. */
  reset(): void {
    this.#nonce = undefined;
  }

  get #tr34(): Tr34State {
    return this.#core.state.tr34 ?? NO_TR34;
  }

  #arrival(token: Uint8Array): TokenArrival {
    return { token, nonce: this.#nonce, now: this.#core.now };
  }

  #change(type: 'bound' | 'rebound', change: Change, token: Uint8Array): BindResult {
    const changed = change(this.#tr34, this.#arrival(token));
    const host = describeHost(changed.documents.host!);
    this.#commit(changed, { type, host });
    this.#nonce = undefined;
    return { ok: true, status: 'BOUND', host };
  }

  #commit(tr34: Tr34State, event: TerminalEventKind): void {
    const { memory, events } = this.#core;
    memory.commit({ ...memory.state, tr34 });
    events.emit(event);
  }

  /** The terminal's private key; made when there is none. Of two calls at a time the first one's stays. */
  async #privateKey(): Promise<Secret> {
    const present = this.#tr34.privateKey;
    if (present !== undefined) return present;
    const made = await this.#keySource();
    const meanwhile = this.#tr34.privateKey;
    if (meanwhile !== undefined) return meanwhile;
    const privateKey = sealDeviceKey(made);
    const { memory } = this.#core;
    memory.commit({ ...memory.state, tr34: { ...this.#tr34, privateKey } });
    return privateKey;
  }
}
