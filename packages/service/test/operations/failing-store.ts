import type { Store } from '../../src/store/store.ts';

const READS =
  /^(find|list|keysTo|latest|pending|transfers|rotationOf|waiting|count|ceremoniesTo|exposuresOf|ping|changeCount|onChange|close)/;

/** The power goes before a write: nothing of it, and nothing after it, is stored. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

/** The store, which dies before the write that comes after so many. */
export function failingStore(store: Store, writes: number): { readonly store: Store; died(): boolean } {
  let left = writes;
  let dead = false;
  const handler: ProxyHandler<Store> = {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || READS.test(String(name))) return method;
      return async (...args: unknown[]) => {
        if (dead || left === 0) {
          dead = true;
          throw new PowerCut();
        }
        left -= 1;
        return method.apply(target, args);
      };
    },
  };
  return { store: new Proxy(store, handler), died: () => dead };
}
