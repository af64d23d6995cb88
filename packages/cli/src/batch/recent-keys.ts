import type { Secret } from '@keywright/crypto';

/** As many partners as a batch is likely to have keys of at a time. */
const KEPT = 8;

/**
 * The wrapping keys that a batch used last. Its lines mostly repeat a few; what the library derives from a key stays with
 * its Secret, so that it is derived once and not for every line. A key is found by comparing it, in constant time, with
 * each that is kept, and is wiped when it is pushed out.
 */
export class RecentKeys {
  readonly #kept: Secret[] = [];

  /** Takes `key` over, and gives a Secret over the same key for the caller to dispose of. */
  share(key: Secret): Secret {
    const known = this.#kept.findIndex((kept) => kept.equals(key));
    const [kept = key] = known < 0 ? [] : this.#kept.splice(known, 1);
    if (kept !== key) key[Symbol.dispose]();
    this.#kept.unshift(kept);
    if (this.#kept.length > KEPT) this.#kept.pop()![Symbol.dispose]();
    return kept.share();
  }
}
