import { assertLength } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipherName } from '../cipher/engine.ts';
import type { RandomSource } from '../cipher/random.ts';
import { adjustOddParity } from '../des-parity.ts';
import type { DerElement } from './der-reader.ts';
import { Tr34Error } from './error.ts';
import { nameObject, type ObjectName } from './object-identifier.ts';

/** How the key block is encrypted under the ephemeral key. */
export type ContentCipher = 'DES_EDE3_CBC' | 'AES_128_CBC' | 'AES_256_CBC';

interface CipherRules {
  readonly object: ObjectName;
  readonly cipher: BlockCipherName;
  /** Of the ephemeral key, in bytes. */
  readonly keyLength: number;
  /** Of a block and of the IV, in bytes. */
  readonly blockLength: number;
}

export const CONTENT_CIPHERS: Readonly<Record<ContentCipher, CipherRules>> = {
  DES_EDE3_CBC: { object: 'desEde3Cbc', cipher: 'TDES', keyLength: 24, blockLength: 8 },
  AES_128_CBC: { object: 'aes128Cbc', cipher: 'AES', keyLength: 16, blockLength: 16 },
  AES_256_CBC: { object: 'aes256Cbc', cipher: 'AES', keyLength: 32, blockLength: 16 },
};

/** The cipher that an object identifier names. */
export function readContentCipher(object: DerElement): ContentCipher {
  const name = nameObject(object);
  const ciphers = Object.keys(CONTENT_CIPHERS) as ContentCipher[];
  const found = ciphers.find((cipher) => CONTENT_CIPHERS[cipher].object === name);
  if (found !== undefined) return found;
  const right = 'DES-EDE3-CBC, AES-128-CBC or AES-256-CBC';
  throw new Tr34Error('ALGORITHM', `content cipher, position ${object.position}, must be ${right}`);
}

/** Fills up to whole blocks, and always by at least one byte (RFC 5652, section 6.3). The caller wipes the result. */
function pad(content: Uint8Array, blockLength: number): Uint8Array {
  const filler = blockLength - (content.length % blockLength);
  const padded = new Uint8Array(content.length + filler).fill(filler);
  padded.set(content);
  return padded;
}

/** What stands before the padding; `undefined` when the padding is wrong. */
function unpad(padded: Uint8Array, blockLength: number): Uint8Array | undefined {
  const filler = padded[padded.length - 1]!;
  if (filler < 1 || filler > blockLength) return undefined;
  const wrong = padded.subarray(-filler).reduce((difference, byte) => difference | (byte ^ filler), 0);
  return wrong === 0 ? padded.subarray(0, -filler) : undefined;
}

export function encryptContent(
  name: ContentCipher,
  key: Secret,
  iv: Uint8Array,
  content: Uint8Array,
): Uint8Array {
  const { cipher, blockLength } = CONTENT_CIPHERS[name];
  const padded = pad(content, blockLength);
  const expanded = cipherOf(cipher, key);
  const encrypted = expanded.encryptCbc(iv, padded);
  padded.fill(0);
  return encrypted;
}

/**
 * Decrypts, and lends what stands before the padding to `use`, which must keep nothing of it.
 *
 * @returns what `use` returns; `undefined` when the length of the key or the padding is wrong
 */
export function decryptContent<T>(
  o: { name: ContentCipher; key: Secret; iv: Uint8Array; encrypted: Uint8Array },
  use: (content: Uint8Array) => T,
): T | undefined {
  const { cipher, keyLength, blockLength } = CONTENT_CIPHERS[o.name];
  if (o.key.length !== keyLength) return undefined;
  const expanded = cipherOf(cipher, o.key);
  const padded = expanded.decryptCbc(o.iv, o.encrypted);
  try {
    const content = unpad(padded, blockLength);
    return content && use(content);
  } finally {
    padded.fill(0);
  }
}

/** A new IV, one block long. */
export function newIv(name: ContentCipher, random: RandomSource): Uint8Array {
  const { blockLength } = CONTENT_CIPHERS[name];
  const iv = random(blockLength);
  assertLength(iv, [blockLength], 'IV');
  return iv;
}

/** A new ephemeral key. A DES key gets odd parity: some recipients refuse another. */
export function newEphemeralKey(name: ContentCipher, random: RandomSource): Secret {
  const { cipher, keyLength } = CONTENT_CIPHERS[name];
  using key = Secret.take(random(keyLength));
  assertLength(key, [keyLength], 'ephemeral key');
  return cipher === 'TDES' ? adjustOddParity(key) : key.clone();
}
