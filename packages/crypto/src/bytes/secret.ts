import { equal } from './bytes.ts';
import { decodeHex } from './hex.ts';

/**
 * Clear key bytes. The only place in the program where they may stay.
 *
 * A `Secret` never prints its bytes: not in a log, a template string, JSON or a debugger's inspection. It is wiped by
 * `using`, or by `dispose`; JavaScript can't promise that the engine kept no other copy (SECURITY.md).
 */
export class Secret implements Disposable {
  #bytes: Uint8Array | undefined;
  /** Length of the key in bytes. */
  readonly length: number;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  /** Takes `bytes` over: they are wiped with the Secret, so the caller keeps no use of them. */
  static take(bytes: Uint8Array): Secret {
    return new Secret(bytes);
  }

  /** Copies `bytes`; the caller's own copy stays as it is. */
  static copyOf(bytes: Uint8Array): Secret {
    return new Secret(Uint8Array.from(bytes));
  }

  /**
   * Reads a key from hexadecimal digits of either case.
   *
   * @throws RangeError (naming `title`, never the value) when the digits are not hexadecimal
   */
  static fromHex(digits: string, title = 'key'): Secret {
    return new Secret(decodeHex(digits, title));
  }

  /**
   * Lends the bytes to `use` for the time of the call; `use` must not keep them.
   *
   * @throws TypeError when the Secret was wiped
   */
  expose<T>(use: (bytes: Uint8Array) => T): T {
    if (this.#bytes === undefined) throw new TypeError('this Secret was wiped and can no longer be used');
    return use(this.#bytes);
  }

  /** Compares two keys in constant time. */
  equals(other: Secret): boolean {
    return this.expose((left) => other.expose((right) => equal(left, right)));
  }

  /** A second Secret over a copy of the same bytes, with a life of its own. */
  clone(): Secret {
    return this.expose(Secret.copyOf);
  }

  [Symbol.dispose](): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
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
