import { encodeAscii } from '../bytes/ascii.ts';
import { concat, equal } from '../bytes/bytes.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipher } from '../cipher/engine.ts';
import type { Binding } from './binding.ts';
import { takeKey } from './payload.ts';

/**
 * Key variant binding, versions A and C (ANSI X9.143:2021, section 7.3): encryption and MAC keys are the KBPK with
 * every byte changed by a constant; the MAC is over the header and the encrypted payload.
 */

const VARIANT = { encryption: 0x45, MAC: 0x4d } as const;
const MAC_LENGTH = 4;

export function variantBlockKey(kbpk: Secret, purpose: keyof typeof VARIANT): Secret {
  return Secret.take(kbpk.expose((bytes) => bytes.map((byte) => byte ^ VARIANT[purpose])));
}

/** Both variants of a KBPK. */
class VariantKeys implements Disposable {
  readonly #keys: readonly Secret[];
  readonly encryption: BlockCipher;
  readonly #mac: BlockCipher;

  constructor(kbpk: Secret) {
    const encryption = variantBlockKey(kbpk, 'encryption');
    const mac = variantBlockKey(kbpk, 'MAC');
    this.#keys = [encryption, mac];
    this.encryption = cipherOf('TDES', encryption);
    this.#mac = cipherOf('TDES', mac);
  }

  /** CBC-MAC; header and payload are whole blocks, so that nothing needs padding. */
  macOf(header: Uint8Array, encrypted: Uint8Array): Uint8Array {
    return this.#mac.cbcMac(concat(header, encrypted)).subarray(0, MAC_LENGTH);
  }

  [Symbol.dispose](): void {
    for (const key of this.#keys) key[Symbol.dispose]();
  }
}

const keysOf = (kbpk: Secret) => new VariantKeys(kbpk);

/** The variants are kept with the KBPK. */
export const variantBinding: Binding = {
  seal(kbpk, text, payload) {
    const keys = kbpk.keep(keysOf);
    const header = encodeAscii(text);
    const encrypted = keys.encryption.encryptCbc(header.subarray(0, 8), payload);
    return text + encodeHex(concat(encrypted, keys.macOf(header, encrypted)));
  },

  open(kbpk, block, headerLength) {
    const keys = kbpk.keep(keysOf);
    const header = encodeAscii(block.slice(0, headerLength));
    const sealed = decodeHex(block.slice(headerLength));
    const encrypted = sealed.subarray(0, -MAC_LENGTH);
    if (!equal(keys.macOf(header, encrypted), sealed.subarray(-MAC_LENGTH))) return undefined;
    const payload = keys.encryption.decryptCbc(header.subarray(0, 8), encrypted);
    const key = takeKey(payload);
    payload.fill(0);
    return key;
  },
};
