import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { concat, encodeAscii, encodeHex, equal, hmac, randomBytes, Secret } from '@keywright/crypto';
import { type MainKeyProvider, SealError } from './main-key.ts';

// Sealed bytes: version (1, or 2 where the environment is bound) | main key id (8) | nonce (12) | ciphertext, as long as the clear bytes | tag (16).
export const VERSION = 2;
const VERSION_LENGTH = 1;
export const ID_LENGTH = 8;
export const NONCE_LENGTH = 12;
export const HEADER_LENGTH = VERSION_LENGTH + ID_LENGTH + NONCE_LENGTH;
export const TAG_LENGTH = 16;

/** Those that are read. */
export const VERSIONS = [1, VERSION];
/** What a main key is bound to when it is sealed under another. */
const WRAPPED = encodeAscii('keywright main key 1');

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
  let key: KeyObject | undefined = sealingKey(mainKey);
  const own = mainKey.clone();
  const live = () => {
    if (key === undefined) throw new TypeError('this main key was disposed of and can no longer be used');
    return key;
  };
  return {
    id: encodeHex(id).toLowerCase(),
    async seal(clear, associatedData) {
      const header = concat(Uint8Array.of(VERSION), id, randomBytes(NONCE_LENGTH));
      return concat(header, encrypt(live(), header, clear, associatedData));
    },
    async open(sealed, associatedData) {
      const header = sealed.subarray(0, HEADER_LENGTH);
      const fits = VERSIONS.includes(header[0]!) && equal(header.subarray(VERSION_LENGTH, -NONCE_LENGTH), id);
      if (!fits || sealed.length < HEADER_LENGTH + TAG_LENGTH) throw new SealError();
      return decrypt(live(), header, sealed.subarray(HEADER_LENGTH), associatedData);
    },
    wrapUnder: (other) => other.seal(own, WRAPPED),
    [Symbol.dispose]() {
      key = undefined;
      own[Symbol.dispose]();
    },
  };
}

/** A main key that was wrapped by the provider's `wrapUnder`. @throws SealError */
export async function unwrapMainKey(wrapped: Uint8Array, other: MainKeyProvider): Promise<MainKeyProvider> {
  using mainKey = await unwrapSecret(wrapped, other);
  return sealUnder(mainKey);
}

/** The 32 bytes of a main key that was wrapped by the provider's `wrapUnder`; the caller's. @throws SealError */
export function unwrapSecret(wrapped: Uint8Array, other: MainKeyProvider): Promise<Secret> {
  return other.open(wrapped, WRAPPED);
}

/** The version of sealed bytes, and the id of the main key that they are under. @throws SealError when they are too short */
export function headerOf(sealed: Uint8Array): { version: number; mainKeyId: string } {
  if (sealed.length < HEADER_LENGTH + TAG_LENGTH) throw new SealError();
  const id = sealed.subarray(VERSION_LENGTH, VERSION_LENGTH + ID_LENGTH);
  return { version: sealed[0]!, mainKeyId: encodeHex(id).toLowerCase() };
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
