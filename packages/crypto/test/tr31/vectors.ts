import { readFileSync } from 'node:fs';
import { cipherOf, KeyBlockError, Secret, unwrapKeyBlock, wrapKeyBlock } from '../../src/index.ts';
import { deriveBlockKey } from '../../src/tr31/derivation-binding.ts';
import { readKeyBlock } from '../../src/tr31/parse.ts';
import { variantBlockKey } from '../../src/tr31/variant-binding.ts';
import { KEY_BLOCK_VERSIONS } from '../../src/tr31/version.ts';

export interface KeyBlockVector {
  name: string;
  kbpk: string;
  key_block: string;
  key: string | null;
  header?: Record<string, string | number>;
  optional_blocks?: { id: string; data: string }[];
  expected_error?: string;
  padding?: string;
  obfuscation?: string | boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: the files have shapes of their own, each test knows its one
export function loadVectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/${name}.json`, import.meta.url), 'utf8'));
}

export function toHex(secret: Secret): string {
  return secret.expose((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
}

/** A random source that gives out the bytes one after the other. */
export function sourceOf(bytes: Uint8Array): (length: number) => Uint8Array {
  let offset = 0;
  return (length) => {
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
}

/** The clear payload, decrypted step by step, without a look at the MAC. */
function decryptPayload(kbpk: Secret, block: string): Uint8Array {
  const { contents, text, headerLength } = readKeyBlock(block, 'tolerant');
  const { version } = contents.header;
  const { cipher, macLength } = KEY_BLOCK_VERSIONS[version];
  const sealed = Buffer.from(text.slice(headerLength), 'hex');
  const [encrypted, mac] = [sealed.subarray(0, -macLength), sealed.subarray(-macLength)];
  if (version === 'A' || version === 'C') {
    const key = variantBlockKey(kbpk, 'encryption');
    return cipherOf(cipher, key).decryptCbc(Buffer.from(text.slice(0, 8)), encrypted);
  }
  const key = cipherOf(cipher, deriveBlockKey(cipher, kbpk, version === 'E' ? 'CTR' : 'CBC'));
  return version === 'E' ? key.ctr(mac, encrypted) : key.decryptCbc(mac, encrypted);
}

/** The filler after the key, taken out of the decrypted block, and how far it fills the key up. */
export function recoverPadding(kbpk: string, block: string): { padding: Uint8Array; filledTo: number } {
  using secret = Secret.fromHex(kbpk);
  const payload = decryptPayload(secret, block);
  const keyLength = ((payload[0]! << 8) | payload[1]!) / 8;
  return { padding: payload.slice(2 + keyLength), filledTo: payload.length - 2 };
}

/** Unwraps a block and wraps its key again with the same padding. */
export function rewrap(kbpk: string, block: string): string {
  using secret = Secret.fromHex(kbpk);
  const { padding, filledTo } = recoverPadding(kbpk, block);
  const { header, optionalBlocks, key } = unwrapKeyBlock({ kbpk: secret, block });
  const random = sourceOf(padding);
  return wrapKeyBlock({
    kbpk: secret,
    header,
    key,
    optionalBlocks,
    maskKeyLength: filledTo,
    profile: 'tolerant',
    random,
  });
}

/** The code of the KeyBlockError that `run` throws; fails on any other error, or none. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof KeyBlockError) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}
