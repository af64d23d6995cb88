import { TerminalError } from '../refusals.ts';
import type { OpenStore, TerminalStore } from '../store/terminal-store.ts';
import { decodeState, encodeState } from './state-codec.ts';
import { BLANK_STATE, secretsOf, type TerminalState } from './terminal-state.ts';

function readState(store: OpenStore): TerminalState {
  using content = store.read();
  return content === undefined ? BLANK_STATE : decodeState(content);
}

/** Wipes the secrets of a state that are not in the one that stays. */
function wipe(gone: TerminalState, kept: TerminalState): void {
  const stays = new Set(secretsOf(kept));
  for (const secret of secretsOf(gone)) if (!stays.has(secret)) secret[Symbol.dispose]();
}

/** A terminal's state in memory and in its store. What could not be written is not taken. */
export class TerminalMemory implements Disposable {
  readonly #store: OpenStore;
  #state: TerminalState;

  /** @throws RangeError, Error as the store does */
  constructor(store: TerminalStore) {
    this.#store = store.open();
    try {
      this.#state = readState(this.#store);
    } catch (error) {
      this.#store[Symbol.dispose]();
      throw error;
    }
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
    try {
      this.#store.write(encoded);
    } catch (error) {
      wipe(state, this.#state);
      throw error;
    }
    this.#take(state);
  }

  zeroize(): void {
    this.#store.zeroize();
    this.#take(BLANK_STATE);
  }

  #take(state: TerminalState): void {
    wipe(this.#state, state);
    this.#state = state;
  }

  [Symbol.dispose](): void {
    this.#take(BLANK_STATE);
    this.#store[Symbol.dispose]();
  }
}
