import { type MainKeyProvider, SealError, SealedError } from './main-key.ts';
import { headerOf } from './sealing.ts';

/**
 * The main keys in use: the one that seals and, during a rotation, the one before it, which only opens. It has none while
 * the service is sealed; every use of it is then a `SealedError`.
 */
export interface Keyring extends MainKeyProvider {
  readonly isSealed: boolean;
  /** The main key that seals. @throws SealedError */
  readonly current: MainKeyProvider;
  /** The main key before the one that seals, while records may be under it. */
  readonly retiring: MainKeyProvider | undefined;
  /** The one that seals and then the other, if there is one; none while the service is sealed. */
  readonly held: readonly MainKeyProvider[];
  /** Takes main keys over, beside the ones that it has: the first is the one that seals. */
  hold(current: MainKeyProvider, retiring?: MainKeyProvider): void;
  /** Ends with all but the one that seals. */
  forgetRetiring(): void;
  /** Ends with all of them: the service is sealed. */
  empty(): void;
  /** Calls `listener` whenever the keyring is emptied, so that what was opened with it goes too. */
  onEmpty(listener: () => void): void;
  /** Calls `listener` whenever a main key comes into the empty keyring, which counts as sealed until all of them are done. */
  onOpen(listener: () => Promise<void>): void;
  /** Resolves when they are. */
  readonly opened: Promise<unknown>;
  /** Calls `listener` after each change of what is held, so that others hold the same. */
  onChange(listener: () => Promise<void>): void;
  /** Resolves when they do. */
  readonly followed: Promise<unknown>;
}

export function createKeyring(): Keyring {
  const held: MainKeyProvider[] = [];
  const listeners = {
    empty: [] as (() => void)[],
    open: [] as (() => Promise<void>)[],
    change: [] as (() => Promise<void>)[],
  };
  let [opened, opening]: [Promise<unknown>, number] = [Promise.resolve(), 0];
  let followed: Promise<unknown> = Promise.resolve();
  const current = () => {
    if (held[0] === undefined) throw new SealedError();
    return held[0];
  };
  const dispose = (providers: readonly MainKeyProvider[]) => {
    for (const provider of providers) provider[Symbol.dispose]();
  };
  const tell = () => {
    followed = Promise.all(listeners.change.map((listener) => listener()));
  };
  const beginToOpen = () => {
    if (listeners.open.length === 0) return;
    opening += 1;
    opened = Promise.all(listeners.open.map((listener) => listener())).finally(() => {
      opening -= 1;
    });
  };
  return {
    get id() {
      return current().id;
    },
    get isSealed() {
      return held.length === 0 || opening > 0;
    },
    get current() {
      return current();
    },
    get opened() {
      return opened;
    },
    get followed() {
      return followed;
    },
    get held() {
      return [...held];
    },
    get retiring() {
      return held[1];
    },
    seal: async (clear, associatedData) => current().seal(clear, associatedData),
    async open(sealed, associatedData) {
      const id = current().id;
      const { mainKeyId } = headerOf(sealed);
      const provider = mainKeyId === id ? current() : held.find((other) => other.id === mainKeyId);
      if (provider === undefined) throw new SealError();
      return provider.open(sealed, associatedData);
    },
    hold(...providers) {
      const wasEmpty = held.length === 0;
      const taken = providers.filter((provider) => provider !== undefined);
      const left = held.splice(0, held.length, ...taken);
      dispose(left.filter((provider) => !taken.includes(provider)));
      if (wasEmpty) beginToOpen();
      tell();
    },
    forgetRetiring() {
      dispose(held.splice(1));
      tell();
    },
    empty() {
      dispose(held.splice(0));
      for (const listener of listeners.empty) listener();
      tell();
    },
    onChange: (listener) => void listeners.change.push(listener),
    onEmpty: (listener) => void listeners.empty.push(listener),
    onOpen: (listener) => void listeners.open.push(listener),
    [Symbol.dispose]() {
      dispose(held.splice(0));
    },
  };
}

/** Does something now if there is a main key, and whenever one comes. @throws what the first time throws */
export async function whenOpen(
  keyring: Keyring,
  act: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  keyring.onOpen(() => act().catch(onFailure));
  if (!keyring.isSealed) await act();
}
