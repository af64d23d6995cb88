import type { FastModule } from './module.ts';

/** Who has a slot for an expanded key. The slot may be taken away between two operations, when many keys are in use. */
export interface SlotHolder {
  /** Address of the slot; 0 when there is none. */
  slot: number;
  /** Set at every use; whose mark is gone when the slots run out, loses his. */
  used: boolean;
}

/**
 * The module's slots for expanded keys, as many as its memory has (almost 2,000). A slot that is given back or taken away is
 * wiped. When all are in use, the one is taken that was not used for the longest time, as the clock algorithm sees it.
 */
export class Slots {
  readonly #module: FastModule;
  readonly #holders: SlotHolder[] = [];
  readonly #free: number[] = [];
  #hand = 0;
  /** Who got the last two. An operation that claims up to three must not lose the first by the third. */
  #latest: readonly (SlotHolder | undefined)[] = [];

  constructor(module: FastModule) {
    this.#module = module;
    const { slotsAt, slotLength, bytes } = module;
    for (let slot = slotsAt; slot + slotLength <= bytes.length; slot += slotLength) this.#free.push(slot);
    this.#free.reverse();
  }

  /** Gives the holder a slot, and with it the duty to fill it. */
  claim(holder: SlotHolder): number {
    holder.slot = this.#free.pop() ?? this.#takeAway();
    holder.used = true;
    this.#holders[this.#indexOf(holder.slot)] = holder;
    this.#latest = [holder, this.#latest[0]];
    return holder.slot;
  }

  release(holder: SlotHolder): void {
    const { slot } = holder;
    if (slot === 0) return;
    this.#module.run.wipe(slot);
    holder.slot = 0;
    this.#free.push(slot);
  }

  #indexOf(slot: number): number {
    return (slot - this.#module.slotsAt) / this.#module.slotLength;
  }

  #takeAway(): number {
    for (;;) {
      const holder = this.#holders[this.#hand]!;
      this.#hand = (this.#hand + 1) % this.#holders.length;
      if (!holder.used && !this.#latest.includes(holder)) {
        const { slot } = holder;
        this.#module.run.wipe(slot);
        holder.slot = 0;
        return slot;
      }
      holder.used = false;
    }
  }
}
