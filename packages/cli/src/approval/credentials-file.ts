import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { NewMember } from './approvals-client.ts';

function open(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Failure(`${path} is there already: name a file that is not`);
  }
}

/**
 * Writes an access key into a new file, of mode 0600, in the form of the AWS clients' credentials files. The file is opened
 * before the key is made: the secret is told once, and must not come to where it can't be kept.
 */
export async function keepAccessKey(path: string, make: () => Promise<NewMember>): Promise<NewMember> {
  const file = open(path);
  try {
    const member = await make();
    const { accessKeyId: id, secretAccessKey: secret } = member;
    writeFileSync(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
    fsyncSync(file);
    return member;
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}
