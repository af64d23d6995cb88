import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concat, encodeAscii, encodeHex, equal, hmac, randomBytes, Secret } from '@keywright/crypto';
import { type MainKeyProvider, SealError } from './main-key.ts';

// Sealed bytes: version (1) | main key id (8) | nonce (12) | ciphertext, as long as the clear bytes | tag (16).
const VERSION = Uint8Array.of(1);
const ID_LENGTH = 8;
const NONCE_LENGTH = 12;
const HEADER_LENGTH = VERSION.length + ID_LENGTH + NONCE_LENGTH;
const TAG_LENGTH = 16;

export const MAIN_KEY_LENGTH = 32;

/**
 * Seals with AES-256-GCM (NIST SP 800-38D) under a main key of 32 random bytes, held in this process. The header and
 * then the caller's associated data are authenticated; the header's length is fixed, so the two can't be confused.
 *
 * Nonces are random: one main key may seal 2^32 times (SP 800-38D, 8.3), that is every second for 136 years.
 *
 * `mainKey` stays the caller's to dispose of. The engine's own copy of the key is freed, not wiped, some time after the
 * provider's disposal.
 */
export function sealUnder(mainKey: Secret): MainKeyProvider {
  const id = mainKeyId(mainKey);
  const prefix = concat(VERSION, id);
  let key: KeyObject | undefined = sealingKey(mainKey);
  const live = () => {
    if (key === undefined) throw new TypeError('this main key was disposed of and can no longer be used');
    return key;
  };
  return {
    id: encodeHex(id).toLowerCase(),
    async seal(clear, associatedData) {
      const header = concat(prefix, randomBytes(NONCE_LENGTH));
      return concat(header, encrypt(live(), header, clear, associatedData));
    },
    async open(sealed, associatedData) {
      const header = sealed.subarray(0, HEADER_LENGTH);
      const fits =
        sealed.length >= HEADER_LENGTH + TAG_LENGTH && equal(header.subarray(0, prefix.length), prefix);
      if (!fits) throw new SealError();
      return decrypt(live(), header, sealed.subarray(HEADER_LENGTH), associatedData);
    },
    [Symbol.dispose]() {
      key = undefined;
    },
  };
}

/** A number of the main key that tells nothing of it: 8 bytes. */
export function mainKeyId(mainKey: Secret): Uint8Array {
  return derive(mainKey, 'keywright main key id').subarray(0, ID_LENGTH);
}

function sealingKey(mainKey: Secret): KeyObject {
  using key = Secret.take(derive(mainKey, 'keywright sealing key'));
  return key.expose((bytes) => createSecretKey(bytes));
}

/** One block of HKDF-Expand (RFC 5869, 2.3) with SHA-256, so that no key has two uses: 32 bytes. */
function derive(mainKey: Secret, label: string): Uint8Array {
  return hmac('SHA256', mainKey, concat(encodeAscii(label), Uint8Array.of(1)));
}

function encrypt(key: KeyObject, header: Uint8Array, clear: Secret, associatedData: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(-NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  cipher.setAAD(concat(header, associatedData));
  const encrypted = clear.expose((bytes) => cipher.update(bytes));
  return concat(encrypted, cipher.final(), cipher.getAuthTag());
}

function decrypt(key: KeyObject, header: Uint8Array, body: Uint8Array, associatedData: Uint8Array): Secret {
  const cipher = createDecipheriv('aes-256-gcm', key, header.subarray(-NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  cipher.setAAD(concat(header, associatedData)).setAuthTag(body.subarray(-TAG_LENGTH));
  const { buffer, byteOffset, length } = cipher.update(body.subarray(0, -TAG_LENGTH));
  const clear = Secret.take(new Uint8Array(buffer, byteOffset, length));
  try {
    cipher.final();
    return clear;
  } catch (cause) {
    clear[Symbol.dispose]();
    throw new SealError({ cause });
  }
}
