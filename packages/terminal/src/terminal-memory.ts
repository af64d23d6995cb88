import { TerminalError } from './refusals.ts';
import { SealedStore } from './sealed-store.ts';
import { BLANK_STATE, decodeState, encodeState, type TerminalState } from './terminal-state.ts';

function readState(store: SealedStore): TerminalState {
  using content = store.read();
  return content === undefined ? BLANK_STATE : decodeState(content);
}

/** A terminal's state in memory and in its store. What could not be written is not taken. */
export class TerminalMemory implements Disposable {
  readonly #store: SealedStore;
  #state: TerminalState;

  /** @throws RangeError, Error as `SealedStore` */
  constructor(directory: string, serial?: string) {
    this.#store = new SealedStore(directory, serial);
    this.#state = readState(this.#store);
  }

  get serial(): string {
    return this.#store.serial;
  }

  get tampered(): boolean {
    return this.#store.tampered;
  }

  /** @throws TerminalError TAMPERED */
  get state(): TerminalState {
    if (this.tampered) throw new TerminalError('TAMPERED');
    return this.#state;
  }

  /** Writes a new state; on return it is on the disk. */
  commit(state: TerminalState): void {
    using encoded = encodeState(state);
    this.#store.write(encoded);
    this.#take(state);
  }

  zeroize(): void {
    this.#store.zeroize();
    this.#take(BLANK_STATE);
  }

  /** Wipes the keys that are not in the new state. */
  #take(state: TerminalState): void {
    const kept = new Set([...state.keys.values()].map(({ material }) => material));
    for (const { material } of this.#state.keys.values()) {
      if (!kept.has(material)) material[Symbol.dispose]();
    }
    this.#state = state;
  }

  [Symbol.dispose](): void {
    this.#take(BLANK_STATE);
    this.#store[Symbol.dispose]();
  }
}
