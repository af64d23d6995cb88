import type { Relaxation } from './policy.ts';
import type { SlotName } from './profiles/slots.ts';
import type { Refusal } from './refusals.ts';
import type { BoundHost } from './results.ts';

/** What happens in a terminal. No event holds a key, a PIN, a PAN or data. */
export type TerminalEventKind =
  | { readonly type: 'key-loaded'; readonly slot: SlotName; readonly usage: string; readonly kcv?: string }
  /** Something that X9.143 or PCI PIN forbids was let pass by the policy. */
  | { readonly type: 'relaxed'; readonly slot: SlotName; readonly relaxation: Relaxation }
  | { readonly type: 'component-taken'; readonly slot: SlotName; readonly remaining: number }
  | { readonly type: 'refused'; readonly operation: string; readonly status: Refusal }
  | { readonly type: 'key-erased'; readonly slot: SlotName }
  | { readonly type: 'certificates-stored' }
  | { readonly type: 'bound' | 'rebound'; readonly host: BoundHost }
  | { readonly type: 'unbound' }
  | { readonly type: 'zeroized' }
  | { readonly type: 'tampered' }
  /** Of drivers: the link to the device. */
  | { readonly type: 'connected' | 'disconnected' };

/** `at` is the terminal's clock, or for drivers the program's: milliseconds since 1970. */
export type TerminalEvent = TerminalEventKind & { readonly at: number };

export type TerminalListener = (event: TerminalEvent) => void;

/** Who listens to a terminal. A listener that throws breaks nothing but itself: the error comes out as an uncaught one. */
export class TerminalEvents {
  readonly #listeners = new Set<TerminalListener>();
  readonly #clock: () => number;

  /** @param clock milliseconds since 1970 */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** @returns what to dispose of to hear no more */
  listen(listener: TerminalListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  emit(kind: TerminalEventKind): void {
    if (this.#listeners.size === 0) return;
    const event = { ...kind, at: this.#clock() };
    for (const listener of this.#listeners) queueMicrotask(() => listener(event));
  }
}
