import { concat, equal } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { Binding } from './binding.ts';

/**
 * Key variant binding, versions A and C (ANSI X9.143:2021, section 7.3): encryption and MAC keys are the KBPK with
 * every byte changed by a constant; the MAC is over the header and the encrypted payload.
 */

const VARIANT = { encryption: 0x45, MAC: 0x4d } as const;
const MAC_LENGTH = 4;

export function variantBlockKey(kbpk: Secret, purpose: keyof typeof VARIANT): Secret {
  return Secret.take(kbpk.expose((bytes) => bytes.map((byte) => byte ^ VARIANT[purpose])));
}

/** CBC-MAC with a zero initial vector; header and payload are whole blocks, so that nothing needs padding. */
function macOf(kbpk: Secret, header: Uint8Array, encrypted: Uint8Array): Uint8Array {
  using key = variantBlockKey(kbpk, 'MAC');
  const cipher = cipherOf('TDES', key);
  const chained = cipher.encryptCbc(new Uint8Array(8), concat(header, encrypted));
  return chained.slice(-8, -8 + MAC_LENGTH);
}

export const variantBinding: Binding = {
  seal(kbpk, header, payload) {
    using key = variantBlockKey(kbpk, 'encryption');
    const cipher = cipherOf('TDES', key);
    const encrypted = cipher.encryptCbc(header.subarray(0, 8), payload);
    return { encrypted, mac: macOf(kbpk, header, encrypted) };
  },

  open(kbpk, header, { encrypted, mac }) {
    if (!equal(macOf(kbpk, header, encrypted), mac)) return undefined;
    using key = variantBlockKey(kbpk, 'encryption');
    const cipher = cipherOf('TDES', key);
    return cipher.decryptCbc(header.subarray(0, 8), encrypted);
  },
};
