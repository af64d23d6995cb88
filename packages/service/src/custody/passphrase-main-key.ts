import { scryptSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { decodeHex, encodeHex, equal, randomBytes, Secret } from '@keywright/crypto';
import { writeOnce } from '../private-file.ts';
import { MainKeyError, type MainKeyProvider, type PreparedMainKey } from './main-key.ts';
import { MAIN_KEY_LENGTH, mainKeyId, sealUnder } from './sealing.ts';

/** scrypt's costs (RFC 7914, 2): 128 MiB and some tenths of a second for every guess. */
const COSTS = { N: 2 ** 17, r: 8, p: 1 } as const;
const MEMORY_LIMIT = 2 * 128 * COSTS.N * COSTS.r;
const SALT_LENGTH = 32;
const MINIMUM_CHARACTERS = 12;

/** What the parameter file says: how the main key comes from the passphrase, and by what id the right one is known. */
export interface PassphraseParameters {
  readonly version: 1;
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Hexadecimal, 32 bytes. */
  readonly salt: string;
  /** Hexadecimal, 8 bytes. */
  readonly mainKeyId: string;
}

/**
 * A main key derived from a passphrase (UTF-8) by scrypt. The salt and what verifies the passphrase, none of it secret,
 * are in a JSON file that the first start makes; without that file the passphrase opens nothing.
 * `passphrase` stays the caller's to dispose of.
 *
 * @throws MainKeyError when the passphrase is short or wrong, or the file damaged
 */
export function openPassphraseMainKey(passphrase: Secret, parametersPath: string): MainKeyProvider {
  assertLongEnough(passphrase);
  if (!existsSync(parametersPath)) createParameters(passphrase, parametersPath);
  return openParameters(passphrase, readFileSync(parametersPath, 'utf8'), parametersPath);
}

/** The main key of a passphrase by the content of its parameter file; `path` names it in messages. @throws MainKeyError */
export function openParameters(passphrase: Secret, content: string, path: string): MainKeyProvider {
  const parameters = parseJson(path, content);
  if (!areParameters(parameters)) throw damaged(path);
  using mainKey = derive(passphrase, decodeHex(parameters.salt));
  if (equal(mainKeyId(mainKey), decodeHex(parameters.mainKeyId))) return sealUnder(mainKey);
  throw new MainKeyError(
    'WRONG_PASSPHRASE',
    `the passphrase is not the one that ${path} was made with, or that file was changed`,
  );
}

/** Counts the code points: every byte of UTF-8 but the continuing ones. */
function assertLongEnough(passphrase: Secret): void {
  const characters = passphrase.expose((bytes) =>
    bytes.reduce((count, byte) => count + Number((byte & 0xc0) !== 0x80), 0),
  );
  if (characters >= MINIMUM_CHARACTERS) return;
  throw new MainKeyError(
    'PASSPHRASE_TOO_SHORT',
    `the passphrase must have at least ${MINIMUM_CHARACTERS} characters`,
  );
}

function derive(passphrase: Secret, salt: Uint8Array): Secret {
  const options = { ...COSTS, maxmem: MEMORY_LIMIT };
  const derived = passphrase.expose((bytes) => scryptSync(bytes, salt, MAIN_KEY_LENGTH, options));
  return Secret.take(new Uint8Array(derived.buffer, derived.byteOffset, derived.length));
}

function createParameters(passphrase: Secret, path: string): void {
  const { content, provider } = newPassphraseMainKey(passphrase);
  using _made = provider;
  writeOnce(path, content);
}

/** A main key of a passphrase, with a new salt, and the file of its parameters. @throws MainKeyError when it is short */
function newPassphraseMainKey(passphrase: Secret): PreparedMainKey {
  const { parameters, key } = deriveMainKey(passphrase);
  using mainKey = key;
  const content = `${JSON.stringify(parameters, undefined, 2)}\n`;
  return { kind: 'passphrase', content, provider: sealUnder(mainKey) };
}

/**
 * The key of a passphrase, derived where the passphrase was typed: so nothing that the service keeps of a request (dual control has a
 * hash of it) helps to guess the passphrase.
 */
export interface PassphraseKey {
  readonly parameters: PassphraseParameters;
  /** Hexadecimal, 32 bytes. */
  readonly key: string;
}

/** Takes some tenths of a second; `passphrase` stays the caller's. @throws MainKeyError when it is short */
export function passphraseKeyOf(passphrase: Secret): PassphraseKey {
  const { parameters, key } = deriveMainKey(passphrase);
  using secret = key;
  return { parameters, key: secret.expose(encodeHex) };
}

/** The key, which is the caller's. @throws MainKeyError unless key and parameters fit each other */
export function readPassphraseKey({ parameters, key }: PassphraseKey): Secret {
  const secret = Secret.fromHex(key);
  if (areParameters(parameters) && equal(mainKeyId(secret), decodeHex(parameters.mainKeyId))) return secret;
  secret[Symbol.dispose]();
  throw new MainKeyError(
    'WRONG_PASSPHRASE',
    "the passphrase's key is malformed: key and parameters do not fit",
  );
}

/** A main key of a passphrase whose key is there, and the file of its parameters. @throws MainKeyError */
export function passphraseMainKeyOf(derived: PassphraseKey): PreparedMainKey {
  using mainKey = readPassphraseKey(derived);
  const content = `${JSON.stringify(derived.parameters, undefined, 2)}\n`;
  return { kind: 'passphrase', content, provider: sealUnder(mainKey) };
}

/** The key of a passphrase, with a new salt: 32 bytes, the caller's; and its parameters. @throws MainKeyError when it is short */
function deriveMainKey(passphrase: Secret): { parameters: PassphraseParameters; key: Secret } {
  assertLongEnough(passphrase);
  const salt = randomBytes(SALT_LENGTH);
  const key = derive(passphrase, salt);
  const parameters: PassphraseParameters = {
    version: 1,
    kdf: 'scrypt',
    ...COSTS,
    salt: encodeHex(salt),
    mainKeyId: encodeHex(mainKeyId(key)),
  };
  return { parameters, key };
}

function parseJson(path: string, text: string): Partial<PassphraseParameters> | null {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(path, { cause });
  }
}

/** Takes the costs above and no others: what this release does not write, it does not read. */
function areParameters(file: Partial<PassphraseParameters> | null): file is PassphraseParameters {
  return (
    file?.version === 1 &&
    file.kdf === 'scrypt' &&
    file.N === COSTS.N &&
    file.r === COSTS.r &&
    file.p === COSTS.p &&
    /^[0-9A-F]{64}$/.test(`${file.salt}`) &&
    /^[0-9A-F]{16}$/.test(`${file.mainKeyId}`)
  );
}

function damaged(path: string, options?: ErrorOptions): MainKeyError {
  return new MainKeyError(
    'DAMAGED_FILE',
    `the main key's parameter file ${path} is damaged; bring it back from its copy: without it the passphrase opens nothing`,
    options,
  );
}
