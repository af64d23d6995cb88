import type { Secret } from '../../bytes/secret.ts';
import type { KeyBlockCipher, KeyBlockDerivation } from '../engine.ts';
import { FastCipher } from './cipher.ts';
import type { FastModule } from './module.ts';
import type { SlotHolder, Slots } from './slots.ts';

/** The keys derived from a key block protection key, each in a slot; derived again when a slot was taken away. */
export class FastKeyBlockCipher implements KeyBlockCipher {
  readonly #module: FastModule;
  readonly #slots: Slots;
  readonly #kbpk: FastCipher;
  readonly #kbpkLength: number;
  readonly #derivation: KeyBlockDerivation;
  readonly #counterMode: boolean;
  readonly #macLength: 8 | 16;
  readonly #encryption: SlotHolder = { slot: 0, used: false };
  readonly #mac: SlotHolder = { slot: 0, used: false };

  constructor(module: FastModule, slots: Slots, kbpk: Secret, derivation: KeyBlockDerivation) {
    this.#module = module;
    this.#slots = slots;
    this.#kbpk = new FastCipher(module, slots, derivation.cipher, kbpk);
    this.#kbpkLength = kbpk.length;
    this.#derivation = derivation;
    this.#counterMode = derivation.mode === 'CTR';
    this.#macLength = this.#kbpk.blockLength;
  }

  #ready(): void {
    this.#encryption.used = true;
    this.#mac.used = true;
    if (this.#encryption.slot === 0 || this.#mac.slot === 0) this.#derive();
  }

  #derive(): void {
    const slots = this.#slots;
    const { usage, algorithm } = this.#derivation;
    slots.release(this.#encryption);
    slots.release(this.#mac);
    const kbpk = this.#kbpk.ready();
    const encryption = slots.claim(this.#encryption);
    const mac = slots.claim(this.#mac);
    this.#module.run.deriveKeyBlockKeys(kbpk, encryption, mac, usage, algorithm, this.#kbpkLength);
    // What it was needed for is done.
    slots.release(this.#kbpk);
  }

  seal(header: Uint8Array, payload: Uint8Array): Uint8Array {
    this.#ready();
    const { run, bytes, dataAt } = this.#module;
    const payloadAt = dataAt + header.length;
    bytes.set(header, dataAt);
    bytes.set(payload, payloadAt);
    run.sealKeyBlock(this.#encryption.slot, this.#mac.slot, header.length, payload.length, this.#counterMode);
    return bytes.slice(payloadAt, payloadAt + payload.length + this.#macLength);
  }

  open(header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    this.#ready();
    const { run, bytes, dataAt } = this.#module;
    const payloadAt = dataAt + header.length;
    const length = sealed.length - this.#macLength;
    bytes.set(header, dataAt);
    bytes.set(sealed, payloadAt);
    const { slot } = this.#encryption;
    if (!run.openKeyBlock(slot, this.#mac.slot, header.length, length, this.#counterMode)) return undefined;
    const payload = bytes.slice(payloadAt, payloadAt + length);
    bytes.fill(0, payloadAt, payloadAt + length);
    return payload;
  }

  [Symbol.dispose](): void {
    this.#slots.release(this.#encryption);
    this.#slots.release(this.#mac);
    this.#kbpk[Symbol.dispose]();
  }
}
