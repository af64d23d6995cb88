import { Secret } from '@keywright/crypto';
import {
  assertEmpty,
  type Backup,
  MainKeyError,
  openBackup,
  openWithPassphrase,
  openWithToken,
  type RestoredMainKey,
  restoreBackup,
  unsealBackup,
} from '@keywright/service';
import { Failure } from '../failure.ts';
import { notEmpty, type Questions } from '../people/questions.ts';
import { describeBackup } from './describe.ts';

async function openByPassphrase(questions: Questions, backup: Backup): Promise<RestoredMainKey> {
  using passphrase = Secret.copyOf(Buffer.from(await questions.askSecret('Passphrase', notEmpty)));
  return await openWithPassphrase(backup, passphrase);
}

/** A library is loaded by its name only if whoever restores says so: the backup's word for it is not known to be true yet. */
function openByToken(backup: Backup, uri: string | undefined): Promise<RestoredMainKey> {
  if (uri) return openWithToken(backup, uri);
  const { tokenUri = 'not in it' } = backup.manifest.mainKey;
  throw new Failure(
    `KEYWRIGHT_PKCS11_URI must name the token that holds the main key; what the backup says is ${tokenUri}`,
  );
}

async function openByShares(questions: Questions, backup: Backup): Promise<RestoredMainKey> {
  using unsealing = await unsealBackup(backup);
  const { threshold, setId } = unsealing.set;
  for (;;) {
    const { given } = unsealing.progress;
    const typed = await questions.askSecret(
      `Share ${given + 1} of the ${threshold} that are needed (set ${setId})`,
      notEmpty,
    );
    try {
      const mainKey = unsealing.add(typed);
      if (mainKey) return mainKey;
    } catch (error) {
      if (!(error instanceof MainKeyError)) throw error;
      questions.say(error.message);
    }
  }
}

function openMainKey(
  questions: Questions,
  backup: Backup,
  uri: string | undefined,
): Promise<RestoredMainKey> {
  const { kind } = backup.manifest.mainKey;
  if (kind === 'shares') return openByShares(questions, backup);
  return kind === 'pkcs11' ? openByToken(backup, uri) : openByPassphrase(questions, backup);
}

/** Restores a backup into an empty data directory, once its main key is open. @throws Failure, BackupError, MainKeyError */
export async function restore(
  questions: Questions,
  file: string,
  directory: string,
  uri: string | undefined,
): Promise<void> {
  assertEmpty(directory);
  await using backup = await openBackup(file);
  questions.say(describeBackup(backup.manifest));
  using mainKey = await openMainKey(questions, backup, uri);
  await restoreBackup(backup, mainKey, directory);
  const {
    environment,
    mainKey: { kind },
  } = backup.manifest;
  questions.say(
    `${directory} is restored; start the service with KEYWRIGHT_MAIN_KEY=${kind} KEYWRIGHT_ENVIRONMENT=${environment}`,
  );
}
