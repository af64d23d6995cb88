import { TerminalError } from '../refusals.ts';
import type { OpenStore, TerminalStore } from '../store/terminal-store.ts';
import { decodeState, encodeState } from './state-codec.ts';
import { BLANK_STATE, secretsOf, type TerminalState } from './terminal-state.ts';

function readState(store: OpenStore): TerminalState {
  using content = store.read();
  return content === undefined ? BLANK_STATE : decodeState(content);
}

/** A terminal's state in memory and in its store. What could not be written is not taken. */
export class TerminalMemory implements Disposable {
  readonly #store: OpenStore;
  #state: TerminalState;

  /** @throws RangeError, Error as the store does */
  constructor(store: TerminalStore) {
    this.#store = store.open();
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

  /** Writes a new state; on return it lasts. */
  commit(state: TerminalState): void {
    using encoded = encodeState(state);
    this.#store.write(encoded);
    this.#take(state);
  }

  zeroize(): void {
    this.#store.zeroize();
    this.#take(BLANK_STATE);
  }

  /** Wipes the secrets that are not in the new state. */
  #take(state: TerminalState): void {
    const kept = new Set(secretsOf(state));
    for (const secret of secretsOf(this.#state)) if (!kept.has(secret)) secret[Symbol.dispose]();
    this.#state = state;
  }

  [Symbol.dispose](): void {
    this.#take(BLANK_STATE);
    this.#store[Symbol.dispose]();
  }
}
