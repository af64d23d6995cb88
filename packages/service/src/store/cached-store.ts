import type { Tag } from '../api/control-plane.generated.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { AliasRecord } from './records/alias.ts';
import type { KeyRecord } from './records/key.ts';
import type { Store } from './store.ts';

/** Records of each kind that are kept. */
const MOST_KEPT = 10_000;

/** A store that keeps what requests ask for again and again in memory. */
export interface CachedStore extends Store {
  /**
   * Looks whether anybody, in this process or another, has changed what is kept, and if so forgets it. Whatever was stored before this
   * call is seen by the reads that come after it: each request looks once, before it reads.
   */
  refresh(): Promise<void>;
}

/** Stands for a record that is known not to be there. */
const NONE = Symbol('none');

/**
 * Keeps keys, aliases, resource policies and tags that were read, until anything of their kind is changed (changes.ts).
 *
 * @param changed is told whenever something was, also by others
 */
export function cacheRecords(store: Store, changed: () => void = () => undefined): CachedStore {
  const keys = new BoundedCache<KeyRecord>(MOST_KEPT);
  const aliases = new BoundedCache<AliasRecord>(MOST_KEPT);
  const policies = new BoundedCache<string | typeof NONE>(MOST_KEPT);
  const tags = new BoundedCache<Tag[]>(MOST_KEPT);
  /** Transfers that are known to be on record. */
  const transfers = new BoundedCache<boolean>(MOST_KEPT);
  let count = -1;
  /** What was read before is not kept after: it may be what a change has replaced. */
  let epoch = 0;

  const forget = () => {
    epoch += 1;
    for (const cache of [keys, aliases, policies, tags, transfers]) cache.clear();
    changed();
  };
  store.onChange(forget);

  /** The look that has not begun yet: requests that came in one turn of the event loop share it. */
  let coming: Promise<void> | undefined;

  async function look(): Promise<void> {
    coming = undefined;
    const stored = await store.changeCount();
    if (stored !== count) forget();
    count = stored;
  }

  async function read<T, Kept = T>(
    cache: BoundedCache<Kept>,
    name: string,
    load: () => Promise<T>,
    keep: (value: T) => Kept | undefined,
  ): Promise<T> {
    const begun = epoch;
    const value = await load();
    const kept = keep(value);
    if (kept !== undefined && begun === epoch) cache.set(name, kept);
    return value;
  }

  /** What is known is given without an async function around it, which costs more than the look. */
  function lookUp<Kept extends object, T extends Kept | undefined>(
    cache: BoundedCache<Kept>,
    name: string,
    load: () => Promise<T>,
  ): Promise<T | Kept> {
    const known = cache.get(name);
    return known === undefined ? read<T, Kept>(cache, name, load, (value) => value) : Promise.resolve(known);
  }

  return {
    ...store,
    async recordTransfer(transfer) {
      const { region, keyId, direction, counterpart, ksn } = transfer;
      const name = `${region} ${keyId} ${direction} ${counterpart} ${ksn}`;
      if (!transfers.get(name))
        await read(
          transfers,
          name,
          () => store.recordTransfer(transfer),
          () => true,
        );
    },
    refresh() {
      coming ??= new Promise((resolve, reject) => setImmediate(() => look().then(resolve, reject)));
      return coming;
    },
    findKey(region, keyId) {
      return lookUp(keys, `${region} ${keyId}`, () => store.findKey(region, keyId));
    },
    findAlias(region, aliasName) {
      return lookUp(aliases, `${region} ${aliasName}`, () => store.findAlias(region, aliasName));
    },
    findResourcePolicy(region, keyId) {
      const name = `${region} ${keyId}`;
      const known = policies.get(name);
      if (known !== undefined) return Promise.resolve(known === NONE ? undefined : known);
      return read(
        policies,
        name,
        () => store.findResourcePolicy(region, keyId),
        (policy) => policy ?? NONE,
      );
    },
    listTags(region, keyId, page) {
      if (page.after !== undefined) return store.listTags(region, keyId, page);
      return lookUp(tags, `${region} ${keyId} ${page.limit}`, () => store.listTags(region, keyId, page));
    },
  };
}
