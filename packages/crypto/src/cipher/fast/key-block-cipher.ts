import { Secret } from '../../bytes/secret.ts';
import type { KeyBlockCipher, KeyBlockDerivation } from '../engine.ts';
import { FastCipher } from './cipher.ts';
import type { FastModule } from './module.ts';
import type { SlotHolder, Slots } from './slots.ts';

/** The key's length in bits, two bytes, stands before it in the payload. */
const LENGTH_FIELD = 2;

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

  seal(header: string, payload: Uint8Array): string {
    this.#ready();
    const { run, bytes, text, dataAt } = this.#module;
    text.write(header, dataAt, 'latin1');
    bytes.set(payload, dataAt + header.length);
    run.sealKeyBlock(this.#encryption.slot, this.#mac.slot, header.length, payload.length, this.#counterMode);
    return text.toString('latin1', dataAt, dataAt + header.length + 2 * (payload.length + this.#macLength));
  }

  open(block: string, headerLength: number): Secret | undefined {
    this.#ready();
    const { run, bytes, text, dataAt } = this.#module;
    const { slot } = this.#encryption;
    const payloadLength = (block.length - headerLength) / 2 - this.#macLength;
    text.write(block, dataAt, 'latin1');
    const length = run.openKeyBlock(slot, this.#mac.slot, headerLength, payloadLength, this.#counterMode);
    if (length < 0) return undefined;
    const payloadAt = dataAt + headerLength;
    const keyAt = payloadAt + LENGTH_FIELD;
    const key = Secret.take(bytes.slice(keyAt, keyAt + length));
    bytes.fill(0, payloadAt, payloadAt + payloadLength);
    return key;
  }

  [Symbol.dispose](): void {
    this.#slots.release(this.#encryption);
    this.#slots.release(this.#mac);
    this.#kbpk[Symbol.dispose]();
  }
}
