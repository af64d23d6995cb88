import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Secret } from '@keywright/crypto';
import { openBackup, passphraseKeyOf } from '@keywright/service';
import { Failure } from '../failure.ts';
import type { MainKeyStatus } from '../main-key/custody-client.ts';
import { askNewPassphrase } from '../people/new-passphrase.ts';
import type { OwnClient } from '../people/own-client.ts';
import type { Questions } from '../people/questions.ts';
import { untilApproved } from '../people/until-approved.ts';
import { describeBackup } from './describe.ts';

const WHY = `The main key of this service is in a file. Without it the backup could not be restored; in the clear, whoever finds the
backup would have every key. So it goes in under a passphrase of its own: keep that apart from the backup.`;

async function protect(questions: Questions): Promise<object> {
  questions.say(WHY);
  using passphrase = Secret.copyOf(Buffer.from(await askNewPassphrase(questions)));
  return { protection: passphraseKeyOf(passphrase) };
}

/** Writes what comes into a file beside the one that it will be, verifies it, and gives it its name. */
async function save(response: Response, file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    {
      await using written = await open(draft, 'wx', 0o600);
      for await (const chunk of response.body!) await written.writeFile(chunk);
      await written.sync();
    }
    await using backup = await openBackup(draft);
    linkSync(draft, file);
    return describeBackup(backup.manifest);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Makes a backup of a service while it goes on, and keeps it in a new file of mode 0600. @throws Failure, OwnRefusal, BackupError */
export async function createBackup(questions: Questions, client: OwnClient, file: string): Promise<string> {
  if (existsSync(file))
    throw new Failure(`${file} is there already; a backup never takes the place of another file`);
  const { kind } = await client.send<MainKeyStatus>('GET', '/main-key');
  const input = kind === 'file' ? await protect(questions) : {};
  return save(await untilApproved(questions, () => client.receive('POST', '/backups', input)), file);
}
