import { MainKeyError, type MainKeyProvider } from './main-key.ts';
import { readShare, type Share } from './share.ts';
import { assertOfSet, openShares, type ShareSet } from './share-set.ts';

/** Milliseconds from a share to the next; then the ones that are there are wiped. */
const PATIENCE = 15 * 60 * 1000;

/** How far an unsealing is. */
export interface UnsealingProgress {
  /** Shares that are there. */
  readonly given: number;
  readonly threshold: number;
  readonly shares: number;
  readonly setId: string;
}

/**
 * Gathers the custodians' shares, one after the other, until they make the main key. What is there is wiped when they do,
 * when somebody breaks off, when they make another key, and when nobody goes on for a quarter of an hour.
 */
export interface Unsealing extends Disposable {
  readonly progress: UnsealingProgress;
  /**
   * Takes a share as it was typed.
   *
   * @returns the main key once it is there; it is the caller's
   * @throws MainKeyError when the share is refused; the others stay
   */
  add(typed: string): MainKeyProvider | undefined;
  /** Wipes what is there. */
  clear(): void;
}

export function createUnsealing(set: ShareSet): Unsealing {
  const given = new Map<number, Share>();
  let timer: NodeJS.Timeout | undefined;
  const clear = () => {
    clearTimeout(timer);
    for (const { value } of given.values()) value[Symbol.dispose]();
    given.clear();
  };
  const { setId, threshold, shares } = set;
  return {
    get progress() {
      return { given: given.size, threshold, shares, setId };
    },
    add(typed) {
      const share = readShare(typed);
      takeShare(set, given, share);
      clearTimeout(timer);
      timer = setTimeout(clear, PATIENCE).unref();
      if (given.size < threshold) return undefined;
      try {
        return openShares(set, [...given.values()]);
      } finally {
        clear();
      }
    },
    clear,
    [Symbol.dispose]: clear,
  };
}

function takeShare(set: ShareSet, given: Map<number, Share>, share: Share): void {
  try {
    assertOfSet(set, share);
    if (given.has(share.index)) {
      throw new MainKeyError('SHARE_REPEATED', `share ${share.index} was given already`);
    }
  } catch (error) {
    share.value[Symbol.dispose]();
    throw error;
  }
  given.set(share.index, share);
}
