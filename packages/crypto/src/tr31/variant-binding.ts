import { concat, equal } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import { expandKey } from '../cipher/block-cipher.ts';
import type { Binding } from './binding.ts';

/**
 * Key variant binding, versions A and C (ANSI X9.143:2021, section 7.3): encryption and MAC keys are the KBPK with
 * every byte changed by a constant; the MAC is over the header and the encrypted payload.
 */

const ENCRYPTION_VARIANT = 0x45;
const MAC_VARIANT = 0x4d;
const MAC_LENGTH = 4;

function variant(kbpk: Secret, constant: number): Secret {
  return Secret.take(kbpk.expose((bytes) => bytes.map((byte) => byte ^ constant)));
}

/** CBC-MAC with a zero initial vector; header and payload are whole blocks, so that nothing needs padding. */
function macOf(kbpk: Secret, header: Uint8Array, encrypted: Uint8Array): Uint8Array {
  using key = variant(kbpk, MAC_VARIANT);
  using cipher = expandKey('TDES', key);
  const chained = cipher.encryptCbc(new Uint8Array(8), concat(header, encrypted));
  return chained.slice(-8, -8 + MAC_LENGTH);
}

export const variantBinding: Binding = {
  seal(kbpk, header, payload) {
    using key = variant(kbpk, ENCRYPTION_VARIANT);
    using cipher = expandKey('TDES', key);
    const encrypted = cipher.encryptCbc(header.subarray(0, 8), payload);
    return { encrypted, mac: macOf(kbpk, header, encrypted) };
  },

  open(kbpk, header, { encrypted, mac }) {
    if (!equal(macOf(kbpk, header, encrypted), mac)) return undefined;
    using key = variant(kbpk, ENCRYPTION_VARIANT);
    using cipher = expandKey('TDES', key);
    return cipher.decryptCbc(header.subarray(0, 8), encrypted);
  },
};
