import type { Secret } from '../../bytes/secret.ts';
import { assertIv, assertMode, assertSomeBlocks, assertWholeBlocks, disposedCipher } from '../checks.ts';
import type { BlockCipherName, OwnCipher } from '../engine.ts';
import type { FastModule } from './module.ts';
import type { SlotHolder, Slots } from './slots.ts';

/** An operation of the module over data in its memory. */
type Operation = (slot: number, length: number) => void;

/** One key in a slot of the module; expanded again when the slot was taken away. */
export class FastCipher implements OwnCipher, SlotHolder {
  readonly name: BlockCipherName;
  readonly blockLength: 8 | 16;
  slot = 0;
  used = false;
  readonly #module: FastModule;
  readonly #slots: Slots;
  #key: Secret | undefined;

  constructor(module: FastModule, slots: Slots, name: BlockCipherName, key: Secret) {
    this.name = name;
    this.blockLength = name === 'AES' ? 16 : 8;
    this.#module = module;
    this.#slots = slots;
    this.#key = key;
  }

  /** The slot with the expanded key in it. */
  ready(): number {
    this.used = true;
    return this.slot === 0 ? this.#expand() : this.slot;
  }

  #expand(): number {
    const key = this.#key;
    if (key === undefined) throw disposedCipher();
    const { run, bytes, keyAt } = this.#module;
    key.expose((clear) => bytes.set(clear, keyAt));
    const slot = this.#slots.claim(this);
    if (this.name === 'AES') run.expandAes(slot, key.length);
    else run.expandTdes(slot, key.length);
    return slot;
  }

  /** Sends data of any length through an operation. What it leaves in the module's memory may be clear text or a key: it is wiped. */
  #transform(operation: Operation, data: Uint8Array): Uint8Array {
    const { bytes, chainAt, dataAt, dataLength } = this.#module;
    const slot = this.ready();
    const result = new Uint8Array(data.length);
    for (let start = 0; start < data.length; start += dataLength) {
      const part = data.length <= dataLength ? data : data.subarray(start, start + dataLength);
      bytes.set(part, dataAt);
      operation(slot, part.length);
      result.set(bytes.subarray(dataAt, dataAt + part.length), start);
      bytes.fill(0, dataAt, dataAt + part.length);
    }
    bytes.fill(0, chainAt, chainAt + 16);
    return result;
  }

  /** Sends a message through operations that change the chaining value only: all but its end, then its end. */
  #digest(part: Operation, end: Operation, message: Uint8Array): Uint8Array {
    const { bytes, dataAt, dataLength, chainAt } = this.#module;
    const slot = this.ready();
    bytes.fill(0, chainAt, chainAt + 16);
    let start = 0;
    for (; message.length - start > dataLength; start += dataLength) {
      bytes.set(message.subarray(start, start + dataLength), dataAt);
      part(slot, dataLength);
    }
    bytes.set(start === 0 ? message : message.subarray(start), dataAt);
    end(slot, message.length - start);
    const mac = bytes.slice(chainAt, chainAt + this.blockLength);
    bytes.fill(0, chainAt, chainAt + 16);
    return mac;
  }

  #chain(value: Uint8Array): void {
    assertIv(this, value);
    this.#module.bytes.set(value, this.#module.chainAt);
  }

  encryptEcb(data: Uint8Array): Uint8Array {
    assertWholeBlocks(this, data);
    return this.#transform(this.#module.run.encryptEcb, data);
  }

  decryptEcb(data: Uint8Array): Uint8Array {
    assertWholeBlocks(this, data);
    return this.#transform(this.#module.run.decryptEcb, data);
  }

  encryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array {
    assertWholeBlocks(this, data);
    this.#chain(iv);
    return this.#transform(this.#module.run.encryptCbc, data);
  }

  decryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array {
    assertWholeBlocks(this, data);
    this.#chain(iv);
    return this.#transform(this.#module.run.decryptCbc, data);
  }

  ctr(counter: Uint8Array, data: Uint8Array): Uint8Array {
    assertMode(this, 'AES', 'counter mode');
    this.#chain(counter);
    return this.#transform(this.#module.run.ctr, data);
  }

  cbcMac(data: Uint8Array): Uint8Array {
    assertSomeBlocks(this, data);
    return this.#digest(this.#module.run.cbcMac, this.#module.run.cbcMac, data);
  }

  cmac(message: Uint8Array): Uint8Array {
    return this.#digest(this.#module.run.cbcMac, this.#module.run.cmac, message);
  }

  retailMac(data: Uint8Array): Uint8Array {
    assertMode(this, 'TDES', 'the retail MAC');
    assertSomeBlocks(this, data);
    return this.#digest(this.#module.run.retailMacPart, this.#module.run.retailMac, data);
  }

  [Symbol.dispose](): void {
    this.#slots.release(this);
    this.#key?.[Symbol.dispose]();
    this.#key = undefined;
  }
}
