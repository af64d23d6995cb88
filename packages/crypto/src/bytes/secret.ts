import { equal } from './bytes.ts';
import { decodeHex } from './hex.ts';

/**
 * Makes what a Secret keeps with its bytes: an expanded key, say. The function itself is the name that it is kept under.
 * The Secret that it is given is its own: good as long as the bytes are there, whichever Secret over them was asked.
 */
export type Make<T extends Disposable> = (secret: Secret) => T;

/** What the Secrets over the same bytes have in common. */
interface Held {
  readonly bytes: Uint8Array;
  /** Secrets that keep the bytes from being wiped; what is kept with the bytes does not. */
  holders: number;
  kept: Map<Make<Disposable>, Disposable> | undefined;
}

/**
 * Clear key bytes. The only place in the program where they may stay.
 *
 * A `Secret` never prints its bytes: not in a log, a template string, JSON or a debugger's inspection. It is wiped by
 * `using`, or by `dispose`; JavaScript can't promise that the engine kept no other copy (SECURITY.md).
 *
 * What the library expands or derives from a key to use it again (AES and TDES schedules, the keys of a key block
 * protection key) hangs on its Secret and goes when the bytes are wiped. Whoever wants that work done once keeps the
 * Secret, and lends it out by `share`; there is no other cache of keys.
 */
export class Secret implements Disposable {
  #held: Held | undefined;
  readonly #counts: boolean;
  /** Length of the key in bytes. */
  readonly length: number;

  private constructor(held: Held, counts: boolean) {
    this.#held = held;
    this.#counts = counts;
    if (counts) held.holders += 1;
    this.length = held.bytes.length;
  }

  /** Takes `bytes` over: they are wiped with the Secret, so the caller keeps no use of them. */
  static take(bytes: Uint8Array): Secret {
    return new Secret({ bytes, holders: 0, kept: undefined }, true);
  }

  /** Copies `bytes`; the caller's own copy stays as it is. */
  static copyOf(bytes: Uint8Array): Secret {
    return Secret.take(new Uint8Array(bytes));
  }

  /**
   * Reads a key from hexadecimal digits of either case.
   *
   * @throws RangeError (naming `title`, never the value) when the digits are not hexadecimal
   */
  static fromHex(digits: string, title = 'key'): Secret {
    return Secret.take(decodeHex(digits, title));
  }

  get #alive(): Held {
    if (this.#held === undefined || this.#held.holders === 0)
      throw new TypeError('this Secret was wiped and can no longer be used');
    return this.#held;
  }

  /**
   * Lends the bytes to `use` for the time of the call; `use` must not keep them.
   *
   * @throws TypeError when the Secret was wiped
   */
  expose<T>(use: (bytes: Uint8Array) => T): T {
    return use(this.#alive.bytes);
  }

  /** Compares two keys in constant time. */
  equals(other: Secret): boolean {
    return equal(this.#alive.bytes, other.#alive.bytes);
  }

  /** A second Secret over a copy of the same bytes, with a life of its own. */
  clone(): Secret {
    return this.expose(Secret.copyOf);
  }

  /**
   * A second Secret over the same bytes and what is kept with them: for a cache that keeps one and lends others. The bytes
   * are wiped when the last of these Secrets is disposed of.
   *
   * @throws TypeError when this Secret was wiped
   */
  share(): Secret {
    return new Secret(this.#alive, true);
  }

  /**
   * What `make` makes of the key: made at the first call, kept with the bytes, disposed of when they are wiped. Not the
   * caller's to dispose of.
   *
   * @throws TypeError when the Secret was wiped
   */
  keep<T extends Disposable>(make: Make<T>): T {
    const held = this.#alive;
    held.kept ??= new Map();
    const known = held.kept.get(make) as T | undefined;
    if (known !== undefined) return known;
    const made = make(new Secret(held, false));
    held.kept.set(make, made);
    return made;
  }

  [Symbol.dispose](): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    if (!this.#counts) return;
    held.holders -= 1;
    if (held.holders > 0) return;
    held.bytes.fill(0);
    if (held.kept !== undefined) for (const kept of held.kept.values()) kept[Symbol.dispose]();
  }

  toString(): string {
    return `[Secret ${this.length} bytes]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
