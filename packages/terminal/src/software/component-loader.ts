import type { ComponentInput } from '../pos-terminal.ts';
import { chooseSlot } from '../profiles/slot-choice.ts';
import type { SlotIndex, SlotName } from '../profiles/slots.ts';
import type { ComponentResult, ComponentsLoaded, ComponentTaken } from '../results.ts';
import { ComponentEntries, componentKcv } from './component-entry.ts';
import { checkComponentEntry, loadClearKek } from './load-clear-kek.ts';
import type { TerminalCore } from './terminal-core.ts';

/** Brings a terminal's first KEK in, component by component. */
export class ComponentLoader implements Disposable {
  readonly #core: TerminalCore;
  readonly #entries = new ComponentEntries();

  constructor(core: TerminalCore) {
    this.#core = core;
  }

  load(target: SlotIndex | SlotName, input: ComponentInput): ComponentResult {
    const wish = typeof target === 'number' ? { index: target } : { slot: target };
    const slot = chooseSlot(this.#core.rules.profile, 'K0', wish);
    return this.#core.answer('loadKeyComponent', () => this.#take(slot, input));
  }

  #take(slot: SlotName, input: ComponentInput): ComponentTaken | ComponentsLoaded {
    const { state, rules, events, clock } = this.#core;
    checkComponentEntry(state, slot, input.algorithm, rules);
    const kcv = componentKcv(input);
    const entered = this.#entries.take(slot, input, clock());
    if (entered === undefined) {
      const remaining = input.of - input.number;
      events.emit({ type: 'component-taken', slot, remaining });
      return { ok: true, status: 'COMPONENT_TAKEN', slot, kcv, remaining };
    }
    const { algorithm, componentKcvs } = entered;
    using key = entered.key;
    return { ...this.#core.keep(loadClearKek(state, slot, algorithm, key, rules)), componentKcvs };
  }

  /** Wipes the components that wait for others. */
  [Symbol.dispose](): void {
    this.#entries[Symbol.dispose]();
  }
}
