import { type BlockCipherName, combineComponents, keyCheckValue, type Secret } from '@keywright/crypto';
import type { ComponentInput } from '../pos-terminal.ts';
import type { SlotName } from '../profiles/slots.ts';
import { TerminalError } from '../refusals.ts';
import { refusing } from './library-errors.ts';

/** A KEK put together from its components. */
export interface EnteredKey {
  readonly algorithm: BlockCipherName;
  readonly key: Secret;
  readonly componentKcvs: readonly string[];
}

/** How long a terminal waits for the last component, as the UIC PP791 does. */
const ENTRY_MINUTES = 15;

/**
 * Components on their way in, one custodian after the other (ANSI X9.24-1). They wait in memory alone: power off, or a component
 * out of order, and the entry starts anew.
 */
class ComponentEntry implements Disposable {
  #taken: Secret[] = [];
  #began = 0;
  #expected: Pick<ComponentInput, 'algorithm' | 'of'> | undefined;

  /**
   * Takes the next component.
   *
   * @returns the key once the last one is in, for the caller to dispose of
   * @param now milliseconds since 1970
   * @throws TerminalError COMPONENT_ORDER or COMPONENT; the entry then starts anew
   */
  take(input: ComponentInput, now: number): EnteredKey | undefined {
    if (input.number === 1) this.#start(input, now);
    try {
      this.#assertInTime(now);
      this.#assertNext(input);
      this.#taken.push(input.component.clone());
      if (input.number < input.of) return undefined;
      return this.#combine(input.algorithm);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #start({ algorithm, of }: ComponentInput, now: number): void {
    this[Symbol.dispose]();
    this.#expected = { algorithm, of };
    this.#began = now;
  }

  #assertInTime(now: number): void {
    if (this.#taken.length === 0 || now - this.#began <= ENTRY_MINUTES * 60_000) return;
    const message = `component 1 came more than ${ENTRY_MINUTES} minutes ago: begin again with it`;
    throw new TerminalError('COMPONENT_ORDER', message);
  }

  #assertNext({ algorithm, number, of }: ComponentInput): void {
    const next = this.#taken.length + 1;
    if (number === next && algorithm === this.#expected?.algorithm && of === this.#expected.of) return;
    const entry = this.#expected && `of ${this.#expected.of} (${this.#expected.algorithm})`;
    const message = `component ${next} ${entry ?? ''} comes next, got ${number} of ${of} (${algorithm})`;
    throw new TerminalError('COMPONENT_ORDER', message);
  }

  #combine(algorithm: BlockCipherName): EnteredKey {
    const combined = refusing(() => combineComponents({ algorithm, components: this.#taken }));
    this[Symbol.dispose]();
    return { algorithm, key: combined.key, componentKcvs: combined.componentKcvs };
  }

  [Symbol.dispose](): void {
    for (const component of this.#taken) component[Symbol.dispose]();
    this.#taken = [];
    this.#expected = undefined;
  }
}

/** The entries that are under way, slot by slot. */
export class ComponentEntries implements Disposable {
  readonly #bySlot = new Map<SlotName, ComponentEntry>();

  /** As `ComponentEntry.take`. */
  take(slot: SlotName, input: ComponentInput, now: number): EnteredKey | undefined {
    const entry = this.#bySlot.get(slot) ?? new ComponentEntry();
    this.#bySlot.set(slot, entry);
    return entry.take(input, now);
  }

  [Symbol.dispose](): void {
    for (const entry of this.#bySlot.values()) entry[Symbol.dispose]();
    this.#bySlot.clear();
  }
}

/** @throws TerminalError COMPONENT when the length does not fit the cipher */
export function componentKcv({ algorithm, component }: ComponentInput): string {
  try {
    return keyCheckValue(algorithm, component);
  } catch (error) {
    if (error instanceof RangeError) throw new TerminalError('COMPONENT', error.message);
    throw error;
  }
}
