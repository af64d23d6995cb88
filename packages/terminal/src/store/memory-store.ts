import { encodeAscii, type Secret } from '@keywright/crypto';
import { newSerial } from './serial.ts';
import { inUse, type OpenStore, type TerminalStore } from './terminal-store.ts';

class OpenMemory implements OpenStore {
  readonly #store: MemoryStore;
  readonly #close: () => void;
  readonly tampered = false;

  constructor(store: MemoryStore, close: () => void) {
    this.#store = store;
    this.#close = close;
  }

  get serial(): string {
    return this.#store.serial;
  }

  read(): Secret | undefined {
    return this.#store.content?.clone();
  }

  write(content: Secret): void {
    this.#store.content?.[Symbol.dispose]();
    this.#store.content = content.clone();
  }

  zeroize(): void {
    this.#store.content?.[Symbol.dispose]();
    this.#store.content = undefined;
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}

/**
 * A store in this process's memory, and as short-lived: for simulations of many terminals. One that is not open costs its content
 * and little more. It has no tamper state: nobody else can write to it.
 */
export class MemoryStore implements TerminalStore, Disposable {
  readonly serial: string;
  /** What is stored. For the open store alone. */
  content: Secret | undefined;
  #open = false;

  /** @param serial printable ASCII, drawn at random unless given */
  constructor(serial: string = newSerial()) {
    encodeAscii(serial, 'serial');
    this.serial = serial;
  }

  open(): OpenStore {
    if (this.#open) throw inUse();
    this.#open = true;
    return new OpenMemory(this, () => {
      this.#open = false;
    });
  }

  /** Wipes what is stored. */
  [Symbol.dispose](): void {
    this.content?.[Symbol.dispose]();
    this.content = undefined;
  }
}
