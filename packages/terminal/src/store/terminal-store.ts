import type { Secret } from '@keywright/crypto';

/** A store that a terminal has open. */
export interface OpenStore extends Disposable {
  readonly serial: string;
  /** A tampered store has lost what was in it; nothing but `zeroize` helps. */
  readonly tampered: boolean;
  /** @returns what was written last, for the caller to dispose of; undefined when nothing was, or the store is tampered */
  read(): Secret | undefined;
  /**
   * Replaces everything that is stored; on return it lasts.
   *
   * @throws TerminalError TAMPERED
   */
  write(content: Secret): void;
  /** Erases everything but the serial number. */
  zeroize(): void;
}

/** Where a terminal keeps what it must not forget, while the terminal itself is switched off. */
export interface TerminalStore {
  /**
   * Opens the store for one terminal, which has it alone until it disposes of the result.
   *
   * @throws Error when another terminal has it open
   */
  open(): OpenStore;
}

/** Two terminals on one store would use the same transaction keys. */
export function inUse(cause?: unknown): Error {
  return new Error('the store is in use by another terminal', { cause });
}
