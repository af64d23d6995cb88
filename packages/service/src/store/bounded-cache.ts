/**
 * Values by name, the ones that were not used for longest forgotten when there are too many. It keeps two generations: what is used moves
 * to the young one, and when that is full it becomes the old one, whose own values are dropped. Each use costs one look, or two.
 */
export class BoundedCache<Value> {
  readonly #most: number;
  readonly #drop: (value: Value) => void;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /**
   * @param most at least half of this many, and never more, are kept
   * @param drop is told each value that is no longer kept
   */
  constructor(most: number, drop: (value: Value) => void = () => undefined) {
    this.#most = most;
    this.#drop = drop;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(name: string): Value | undefined {
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old === undefined) return undefined;
    this.#old.delete(name);
    this.#add(name, old);
    return old;
  }

  /** Keeps a value, in the place of the one of that name, which is dropped. */
  set(name: string, value: Value): void {
    this.delete(name);
    this.#add(name, value);
  }

  delete(name: string): void {
    for (const generation of [this.#young, this.#old]) {
      const value = generation.get(name);
      if (value === undefined) continue;
      generation.delete(name);
      this.#drop(value);
    }
  }

  /** Drops everything, or what `chosen` says. */
  clear(chosen: (value: Value) => boolean = () => true): void {
    for (const generation of [this.#young, this.#old]) {
      for (const [name, value] of generation) {
        if (!chosen(value)) continue;
        generation.delete(name);
        this.#drop(value);
      }
    }
  }

  #add(name: string, value: Value): void {
    if (this.#young.size >= this.#most / 2) {
      const dropped = this.#old;
      this.#old = this.#young;
      this.#young = new Map();
      for (const each of dropped.values()) this.#drop(each);
    }
    this.#young.set(name, value);
  }
}
