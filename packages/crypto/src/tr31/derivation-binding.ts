import { encodeAscii } from '../bytes/ascii.ts';
import { concat, equal } from '../bytes/bytes.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipher, BlockCipherName, KeyBlockCipher, KeyBlockDerivation } from '../cipher/engine.ts';
import { cipherEngine } from '../cipher/selection.ts';
import type { Binding } from './binding.ts';
import { takeKey } from './payload.ts';

/**
 * Key derivation binding, versions B and D (ANSI X9.143:2021, section 7.2) and E (ISO 20038): encryption and MAC keys
 * are derived from the KBPK with CMAC; the MAC is over the header and the clear payload, and starts the encryption.
 */

/** What a derived key is for, bytes 1 and 2 of the derivation data. */
const KEY_USAGE = { CBC: 0x00, MAC: 0x01, CTR: 0x02 } as const;

/** The algorithm of the derived key, bytes 4 and 5 of the derivation data, by length of the KBPK in bytes. */
const ALGORITHM: Record<BlockCipherName, Readonly<Record<number, number>>> = {
  TDES: { 16: 0x00, 24: 0x01 },
  AES: { 16: 0x02, 24: 0x03, 32: 0x04 },
};

/**
 * Counter, usage, a zero separator, algorithm, length of the derived key in bits (X9.143 tables 24 and 25, ISO 20038
 * table 1). All but the last need one byte of their field.
 */
function derivationData(counter: number, usage: number, algorithm: number, length: number): Uint8Array {
  const bits = length * 8;
  return Uint8Array.of(counter, 0, usage, 0, 0, algorithm, bits >> 8, bits & 0xff);
}

/** A key as long as the KBPK: as many CMACs as it takes, the counter starting at 1, the last one cut. */
export function deriveBlockKey(
  cipherName: BlockCipherName,
  kbpk: Secret,
  purpose: keyof typeof KEY_USAGE,
): Secret {
  const algorithm = ALGORITHM[cipherName][kbpk.length]!;
  const cipher = cipherOf(cipherName, kbpk);
  const derived = new Uint8Array(kbpk.length);
  for (let offset = 0, counter = 1; offset < kbpk.length; offset += cipher.blockLength, counter += 1) {
    const block = cipher.cmac(derivationData(counter, KEY_USAGE[purpose], algorithm, kbpk.length));
    derived.set(block.subarray(0, kbpk.length - offset), offset);
    block.fill(0);
  }
  return Secret.take(derived);
}

/** Both derived keys of a KBPK, for an engine that does not derive them by itself. */
class DerivedKeys implements KeyBlockCipher {
  readonly #mode: KeyBlockDerivation['mode'];
  readonly #encryptionKey: Secret;
  readonly #macKey: Secret;
  readonly #encryption: BlockCipher;
  readonly #mac: BlockCipher;

  constructor(kbpk: Secret, { cipher, mode }: KeyBlockDerivation) {
    this.#mode = mode;
    this.#encryptionKey = deriveBlockKey(cipher, kbpk, mode);
    this.#macKey = deriveBlockKey(cipher, kbpk, 'MAC');
    this.#encryption = cipherOf(cipher, this.#encryptionKey);
    this.#mac = cipherOf(cipher, this.#macKey);
  }

  #macOf(header: Uint8Array, payload: Uint8Array): Uint8Array {
    const message = concat(header, payload);
    const mac = this.#mac.cmac(message);
    message.fill(0);
    return mac;
  }

  seal(header: string, payload: Uint8Array): string {
    const mac = this.#macOf(encodeAscii(header), payload);
    const encryption = this.#encryption;
    const encrypted =
      this.#mode === 'CBC' ? encryption.encryptCbc(mac, payload) : encryption.ctr(mac, payload);
    return header + encodeHex(concat(encrypted, mac));
  }

  open(block: string, headerLength: number): Secret | undefined {
    const encryption = this.#encryption;
    const sealed = decodeHex(block.slice(headerLength));
    const encrypted = sealed.subarray(0, -encryption.blockLength);
    const mac = sealed.subarray(-encryption.blockLength);
    const payload =
      this.#mode === 'CBC' ? encryption.decryptCbc(mac, encrypted) : encryption.ctr(mac, encrypted);
    const right = equal(this.#macOf(encodeAscii(block.slice(0, headerLength)), payload), mac);
    const key = right ? takeKey(payload) : undefined;
    payload.fill(0);
    return key;
  }

  [Symbol.dispose](): void {
    this.#encryptionKey[Symbol.dispose]();
    this.#macKey[Symbol.dispose]();
  }
}

/** The derived keys are kept with the KBPK. */
export function derivationBinding(cipher: BlockCipherName, mode: KeyBlockDerivation['mode']): Binding {
  function derive(kbpk: Secret): KeyBlockCipher {
    const algorithm = ALGORITHM[cipher][kbpk.length]!;
    const derivation = { cipher, mode, usage: KEY_USAGE[mode], algorithm };
    return cipherEngine().composite?.keyBlockCipher(kbpk, derivation) ?? new DerivedKeys(kbpk, derivation);
  }
  return {
    seal: (kbpk, header, payload) => kbpk.keep(derive).seal(header, payload),
    open: (kbpk, block, headerLength) => kbpk.keep(derive).open(block, headerLength),
  };
}
