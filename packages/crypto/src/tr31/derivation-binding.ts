import { concat, equal } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipher, BlockCipherName } from '../cipher/engine.ts';
import type { Binding } from './binding.ts';

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

function macOf(
  cipherName: BlockCipherName,
  kbpk: Secret,
  header: Uint8Array,
  payload: Uint8Array,
): Uint8Array {
  using key = deriveBlockKey(cipherName, kbpk, 'MAC');
  const cipher = cipherOf(cipherName, key);
  const message = concat(header, payload);
  const mac = cipher.cmac(message);
  message.fill(0);
  return mac;
}

const ENCRYPTION = {
  CBC: {
    encrypt: (cipher: BlockCipher, mac: Uint8Array, data: Uint8Array) => cipher.encryptCbc(mac, data),
    decrypt: (cipher: BlockCipher, mac: Uint8Array, data: Uint8Array) => cipher.decryptCbc(mac, data),
  },
  CTR: {
    encrypt: (cipher: BlockCipher, mac: Uint8Array, data: Uint8Array) => cipher.ctr(mac, data),
    decrypt: (cipher: BlockCipher, mac: Uint8Array, data: Uint8Array) => cipher.ctr(mac, data),
  },
} as const;

export function derivationBinding(cipherName: BlockCipherName, mode: keyof typeof ENCRYPTION): Binding {
  return {
    seal(kbpk, header, payload) {
      const mac = macOf(cipherName, kbpk, header, payload);
      using key = deriveBlockKey(cipherName, kbpk, mode);
      const cipher = cipherOf(cipherName, key);
      return { encrypted: ENCRYPTION[mode].encrypt(cipher, mac, payload), mac };
    },

    open(kbpk, header, { encrypted, mac }) {
      using key = deriveBlockKey(cipherName, kbpk, mode);
      const cipher = cipherOf(cipherName, key);
      const payload = ENCRYPTION[mode].decrypt(cipher, mac, encrypted);
      if (equal(macOf(cipherName, kbpk, header, payload), mac)) return payload;
      payload.fill(0);
      return undefined;
    },
  };
}
