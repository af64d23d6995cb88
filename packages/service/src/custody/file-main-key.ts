import { existsSync } from 'node:fs';
import { decodeHex, encodeHex, equal, randomBytes, Secret } from '@keywright/crypto';
import { readPrivateFile, writeOnce } from '../private-file.ts';
import { MainKeyError, type MainKeyProvider, type PreparedMainKey } from './main-key.ts';
import { MAIN_KEY_LENGTH, mainKeyId, sealUnder } from './sealing.ts';

// The file has three lines: what it is, the key, and the main key's id as its check value, both in hexadecimal.
const FIRST_LINE = 'keywright main key 1';
const LINES = /^keywright main key 1\n([0-9A-F]{64})\n([0-9A-F]{16})\n$/;

/**
 * A main key in a file of mode 0600; whoever has the file has the keys. The first start makes it, 32 random bytes.
 *
 * @throws NotPrivateError when group or others may use the file, MainKeyError when it is damaged
 */
export function openFileMainKey(path: string): MainKeyProvider {
  if (!existsSync(path)) createFile(path);
  const [, key, id] = LINES.exec(readPrivateFile(path).toString('latin1')) ?? [];
  if (key === undefined || id === undefined) throw damaged(path);
  using mainKey = Secret.fromHex(key);
  if (!equal(mainKeyId(mainKey), decodeHex(id))) throw damaged(path);
  return sealUnder(mainKey);
}

function createFile(path: string): void {
  const { content, provider } = newFileMainKey();
  using _made = provider;
  writeOnce(path, content);
}

/** A new main key, and the file that would hold it. */
export function newFileMainKey(): PreparedMainKey {
  using mainKey = Secret.take(randomBytes(MAIN_KEY_LENGTH));
  return fileMainKeyOf(mainKey);
}

/** A main key of 32 bytes, which stays the caller's, and the file that would hold it. */
export function fileMainKeyOf(mainKey: Secret): PreparedMainKey {
  const content = `${FIRST_LINE}\n${mainKey.expose(encodeHex)}\n${encodeHex(mainKeyId(mainKey))}\n`;
  return { kind: 'file', content, provider: sealUnder(mainKey) };
}

function damaged(path: string): MainKeyError {
  return new MainKeyError(
    'DAMAGED_FILE',
    `the main key file ${path} is damaged: it must be the line "${FIRST_LINE}", 64 and 16 upper-case hexadecimal digits on a line each, and they must fit each other; bring it back from its copy`,
  );
}
