import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDataDirectory } from '../data-directory.ts';
import { DATABASE } from '../store/database-file.ts';
import { MainKeyError } from './main-key.ts';
import { MAIN_KEY_KINDS, mainKeyPath } from './main-key-files.ts';
import { readShare, writeShare } from './share.ts';
import { makeShareSet, type ShareSet, writeShareSet } from './share-set.ts';

/** Shares of a new main key that are being handed out to their custodians. */
export interface HandedShares extends Disposable {
  readonly set: ShareSet;
  /** A share as it is written on its sheet, in clear. */
  text(index: number): string;
  /** Is that the share, as its custodian typed it again? @throws MainKeyError when it can't be any */
  matches(index: number, typed: string): boolean;
}

/** A main key that is the data directory's only once it is kept. */
export interface NewShares extends HandedShares {
  /** Makes it the main key of the data directory, for good. */
  keep(): void;
}

/** Makes a main key in shares that nobody has yet. @throws RangeError unless 2 <= threshold <= shares <= 9 */
export function makeShares(options: { shares: number; threshold: number }): HandedShares {
  const { set, shares } = makeShareSet(options);
  const shareOf = (index: number) => shares.find((share) => share.index === index)!;
  return {
    set,
    text: (index) => writeShare(shareOf(index)),
    matches(index, typed) {
      const { value, ...share } = readShare(typed);
      using given = value;
      return share.setId === set.setId && share.index === index && given.equals(shareOf(index).value);
    },
    [Symbol.dispose]() {
      for (const { value } of shares) value[Symbol.dispose]();
    },
  };
}

/**
 * Makes a main key in shares for a data directory that has none; holds the directory until it is disposed of. Whatever happens
 * before `keep`, nothing is left of it: the shares that were handed out are then void.
 *
 * @throws MainKeyError when there is a main key; RangeError unless 2 <= threshold <= shares <= 9
 */
export function newShares(dataDirectory: string, options: { shares: number; threshold: number }): NewShares {
  using opened = new DisposableStack();
  opened.use(openDataDirectory(dataDirectory));
  assertNew(dataDirectory);
  const made = opened.use(makeShares(options));
  const held = opened.move();
  return {
    ...made,
    keep: () => writeShareSet(mainKeyPath(dataDirectory, 'shares'), made.set),
    [Symbol.dispose]: () => held.dispose(),
  };
}

function assertNew(dataDirectory: string): void {
  const paths = [
    ...MAIN_KEY_KINDS.map((kind) => mainKeyPath(dataDirectory, kind)),
    join(dataDirectory, DATABASE),
  ];
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) return;
  const message = `${found} is there: this data directory has a main key, which "keywright main-key rotate" replaces`;
  throw new MainKeyError('MADE_ALREADY', message);
}
