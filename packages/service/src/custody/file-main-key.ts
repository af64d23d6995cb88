import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { decodeHex, encodeHex, equal, randomBytes, Secret } from '@keywright/crypto';
import { MainKeyError, type MainKeyProvider } from './main-key.ts';
import { MAIN_KEY_LENGTH, mainKeyId, sealUnder } from './sealing.ts';
import { writeOnce } from './write-once.ts';

// The file has three lines: what it is, the key, and the main key's id as its check value, both in hexadecimal.
const FIRST_LINE = 'keywright main key 1';
const LINES = /^keywright main key 1\n([0-9A-F]{64})\n([0-9A-F]{16})\n$/;

/**
 * A main key in a file of mode 0600; whoever has the file has the keys. The first start makes it, 32 random bytes.
 *
 * @throws MainKeyError when group or others may use the file, or when it is damaged
 */
export function openFileMainKey(path: string): MainKeyProvider {
  if (!existsSync(path)) createFile(path);
  const [, key, id] = LINES.exec(readPrivate(path)) ?? [];
  if (key === undefined || id === undefined) throw damaged(path);
  using mainKey = Secret.fromHex(key);
  if (!equal(mainKeyId(mainKey), decodeHex(id))) throw damaged(path);
  return sealUnder(mainKey);
}

function createFile(path: string): void {
  using mainKey = Secret.take(randomBytes(MAIN_KEY_LENGTH));
  writeOnce(path, `${FIRST_LINE}\n${mainKey.expose(encodeHex)}\n${encodeHex(mainKeyId(mainKey))}\n`);
}

/** Looks at the mode of the very file that it then reads. */
function readPrivate(path: string): string {
  const file = openSync(path, 'r');
  try {
    const mode = fstatSync(file).mode & 0o777;
    if ((mode & 0o077) !== 0) throw readableByOthers(path, mode);
    return readFileSync(file, 'latin1');
  } finally {
    closeSync(file);
  }
}

function readableByOthers(path: string, mode: number): MainKeyError {
  return new MainKeyError(
    'READABLE_BY_OTHERS',
    `the main key file ${path} has mode ${mode.toString(8).padStart(4, '0')}: group and others must have no rights to it (chmod 600), and a key that they could read should be replaced`,
  );
}

function damaged(path: string): MainKeyError {
  return new MainKeyError(
    'DAMAGED_FILE',
    `the main key file ${path} is damaged: it must be the line "${FIRST_LINE}", 64 and 16 upper-case hexadecimal digits on a line each, and they must fit each other; bring it back from its copy`,
  );
}
