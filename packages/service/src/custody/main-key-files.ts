import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MainKeyError } from './main-key.ts';

/** What of the main key is in the data directory: the key itself, or what is public of it. */
const MAIN_KEY_FILES = {
  file: 'main-key',
  passphrase: 'main-key-parameters',
  shares: 'main-key-shares',
  pkcs11: 'main-key-token',
} as const;

export type MainKeyKind = keyof typeof MAIN_KEY_FILES;
export const MAIN_KEY_KINDS = Object.keys(MAIN_KEY_FILES) as MainKeyKind[];

export function mainKeyPath(dataDirectory: string, kind: MainKeyKind): string {
  return join(dataDirectory, MAIN_KEY_FILES[kind]);
}

/**
 * A new main key beside an old database would open none of its keys, and bury that the right one is lost or of another kind.
 *
 * @throws MainKeyError when the database is there and the main key of that kind is not
 */
export function assertMainKeyKept(dataDirectory: string, kind: MainKeyKind, database: string): void {
  const path = mainKeyPath(dataDirectory, kind);
  if (existsSync(path) || !existsSync(database)) return;
  const other = MAIN_KEY_KINDS.find((each) => existsSync(mainKeyPath(dataDirectory, each)));
  if (other !== undefined) {
    const message = `the main key of ${dataDirectory} is of the kind "${other}": set KEYWRIGHT_MAIN_KEY=${other}`;
    throw new MainKeyError('OTHER_KIND', message);
  }
  const message = `${path} is missing, and the keys in ${database} open with nothing else; put it back`;
  throw new MainKeyError('LOST', message);
}
