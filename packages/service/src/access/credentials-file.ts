import { existsSync } from 'node:fs';
import { randomBytes, Secret } from '@keywright/crypto';
import { readPrivateFile, writeOnce } from '../private-file.ts';
import { type Credentials, createAccessKey } from './access-keys.ts';

const ID = /^\s*aws_access_key_id\s*=\s*(\S+)\s*$/m;
const SECRET = /^\s*aws_secret_access_key\s*=\s*(\S+)\s*$/m;

/** The form of the AWS clients' credentials files: AWS_SHARED_CREDENTIALS_FILE may name it. */
function render({ id, secret }: Credentials): Buffer {
  const head = `[default]\naws_access_key_id = ${id}\naws_secret_access_key = `;
  return secret.expose((bytes) => Buffer.concat([Buffer.from(head), bytes, Buffer.from('\n')]));
}

function create(path: string): Credentials {
  const accessKey = createAccessKey(randomBytes);
  const content = render(accessKey);
  writeOnce(path, content);
  content.fill(0);
  return accessKey;
}

function read(path: string): Credentials {
  const content = readPrivateFile(path);
  const text = content.toString('latin1');
  content.fill(0);
  const [id, secret] = [ID.exec(text)?.[1], SECRET.exec(text)?.[1]];
  if (!id || !secret) {
    throw new Error(
      `${path} must have aws_access_key_id and aws_secret_access_key; without the file, a new key is made`,
    );
  }
  return { id, secret: Secret.take(Buffer.from(secret)) };
}

/**
 * The administrator's access key: read from the file, or made and written there when there is none.
 *
 * @throws Error when the file is not private or not complete
 */
export function openCredentialsFile(path: string): Credentials {
  return existsSync(path) ? read(path) : create(path);
}
