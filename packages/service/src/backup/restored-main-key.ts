import type { Secret } from '@keywright/crypto';
import { fileMainKeyOf } from '../custody/file-main-key.ts';
import { MainKeyError, type MainKeyProvider, SealError } from '../custody/main-key.ts';
import { openParameters } from '../custody/passphrase-main-key.ts';
import { openTokenContent } from '../custody/pkcs11-main-key.ts';
import { parseShareSet, type ShareSet } from '../custody/share-set.ts';
import { createUnsealing, type Unsealing } from '../custody/unsealing.ts';
import type { Backup } from './backup-file.ts';
import { MAIN_KEY_PARTS } from './manifest.ts';
import { openProtected } from './protection.ts';

/** The main key of a backup, open, and the content of its file in the data directory. */
export interface RestoredMainKey extends Disposable {
  readonly provider: MainKeyProvider;
  readonly content: string;
}

type Backed = Pick<Backup, 'manifest' | 'text'>;

function contentOf(backup: Backed): Promise<string> {
  return backup.text(MAIN_KEY_PARTS[backup.manifest.mainKey.kind]);
}

function restored({ manifest }: Backed, provider: MainKeyProvider, content: string): RestoredMainKey {
  if (provider.id === manifest.mainKey.id)
    return { provider, content, [Symbol.dispose]: () => provider[Symbol.dispose]() };
  provider[Symbol.dispose]();
  throw new MainKeyError(
    'OTHER_KIND',
    `this is the main key ${provider.id}, and the backup's is ${manifest.mainKey.id}`,
  );
}

/**
 * Opens the main key of a backup whose data directory has it of a passphrase, or in a file, which the backup has under a passphrase.
 * `passphrase` stays the caller's.
 *
 * @throws MainKeyError
 */
export async function openWithPassphrase(backup: Backed, passphrase: Secret): Promise<RestoredMainKey> {
  const { kind } = backup.manifest.mainKey;
  const content = await contentOf(backup);
  const name = MAIN_KEY_PARTS[kind];
  if (kind === 'passphrase') return restored(backup, openParameters(passphrase, content, name), content);
  try {
    using mainKey = await openProtected(content, passphrase, name);
    const file = fileMainKeyOf(mainKey);
    return restored(backup, file.provider, file.content);
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new MainKeyError('DAMAGED_FILE', `the main key in the part ${name} does not open`, { cause });
  }
}

/** @param uri names the token that has the key; never what the backup says, which could name any library. @throws MainKeyError */
export async function openWithToken(backup: Backed, uri: string): Promise<RestoredMainKey> {
  const content = await contentOf(backup);
  return restored(backup, openTokenContent(uri, content, MAIN_KEY_PARTS.pkcs11), content);
}

/** Takes the custodians' shares of a backup's main key. */
export interface BackupUnsealing extends Pick<Unsealing, 'progress'>, Disposable {
  readonly set: ShareSet;
  /** @returns the main key once it is there @throws MainKeyError when the share is refused; the others stay */
  add(typed: string): RestoredMainKey | undefined;
}

export async function unsealBackup(backup: Backed): Promise<BackupUnsealing> {
  const content = await contentOf(backup);
  const set = parseShareSet(content, MAIN_KEY_PARTS.shares);
  const unsealing = createUnsealing(set);
  return {
    set,
    get progress() {
      return unsealing.progress;
    },
    add(typed) {
      const provider = unsealing.add(typed);
      return provider && restored(backup, provider, content);
    },
    [Symbol.dispose]: () => unsealing[Symbol.dispose](),
  };
}
