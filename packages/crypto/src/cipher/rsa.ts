import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { Secret } from '../bytes/secret.ts';

/** Hash of OAEP and of its mask generation function, the same for both. */
export type OaepHash = 'SHA1' | 'SHA256' | 'SHA512';

/** Decryption failed. It says nothing of why: a reason would be an oracle. */
export class RsaDecryptionError extends Error {
  override readonly name = 'RsaDecryptionError';
  constructor() {
    super('RSA decryption failed');
  }
}

const HASH_LENGTHS: Readonly<Record<OaepHash, number>> = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** What OpenSSL pads with, and the bytes of the modulus that the padding takes. */
interface Padding {
  readonly name: string;
  readonly overhead: number;
  readonly options: { readonly padding: number; readonly oaepHash?: OaepHash };
}

const PKCS1: Padding = {
  name: 'PKCS #1 v1.5 padding',
  overhead: 11,
  options: { padding: constants.RSA_PKCS1_PADDING },
};

function oaep(hash: OaepHash): Padding {
  return {
    name: `OAEP ${hash}`,
    overhead: 2 * HASH_LENGTHS[hash] + 2,
    options: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
  };
}

/** In bytes (RFC 8017, 7.1.2). */
function modulusLengthOf(key: KeyObject): number {
  return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

function encrypt(publicKey: KeyObject, { name, overhead, options }: Padding, message: Secret): Uint8Array {
  const modulusLength = modulusLengthOf(publicKey);
  if (message.length > modulusLength - overhead) {
    throw new RangeError(`${message.length} bytes do not fit RSA of ${modulusLength * 8} bits with ${name}`);
  }
  return message.expose((bytes) => new Uint8Array(publicEncrypt({ key: publicKey, ...options }, bytes)));
}

function decrypt(privateKey: KeyObject, { options }: Padding, cryptogram: Uint8Array): Secret {
  // OpenSSL takes a shorter one, too.
  if (cryptogram.length !== modulusLengthOf(privateKey)) throw new RsaDecryptionError();
  let clear: Buffer;
  try {
    clear = privateDecrypt({ key: privateKey, ...options }, cryptogram);
  } catch {
    throw new RsaDecryptionError();
  }
  const message = Secret.copyOf(clear);
  clear.fill(0);
  return message;
}

/**
 * Encrypts a key or other data with RSAES-OAEP (RFC 8017, section 7.1), MGF1 with the same hash, empty label.
 *
 * @returns the cryptogram, as long as the modulus
 * @throws RangeError when the message is too long for the modulus and hash
 */
export function encryptOaep(publicKey: KeyObject, hash: OaepHash, message: Secret): Uint8Array {
  return encrypt(publicKey, oaep(hash), message);
}

/**
 * Decrypts a key or other data with RSAES-OAEP (RFC 8017, section 7.1), MGF1 with the same hash, empty label.
 *
 * @throws RsaDecryptionError whatever was wrong
 */
export function decryptOaep(privateKey: KeyObject, hash: OaepHash, cryptogram: Uint8Array): Secret {
  return decrypt(privateKey, oaep(hash), cryptogram);
}

/**
 * Encrypts data with RSAES-PKCS1-v1_5 (RFC 8017, section 7.2): for partners that cannot do better.
 *
 * @returns the cryptogram, as long as the modulus
 * @throws RangeError when the message is longer than the modulus less 11 bytes
 */
export function encryptPkcs1(publicKey: KeyObject, message: Secret): Uint8Array {
  return encrypt(publicKey, PKCS1, message);
}

/**
 * Decrypts data with RSAES-PKCS1-v1_5 (RFC 8017, section 7.2).
 *
 * A cryptogram with wrong padding gives other data, always the same, instead of an error: an error would tell of the padding,
 * and with that of the message (implicit rejection). Node refuses to decrypt where OpenSSL does not have it.
 *
 * @throws RsaDecryptionError when the cryptogram is not one of the key's length and range
 */
export function decryptPkcs1(privateKey: KeyObject, cryptogram: Uint8Array): Secret {
  return decrypt(privateKey, PKCS1, cryptogram);
}
