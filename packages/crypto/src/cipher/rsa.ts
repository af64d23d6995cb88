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

/**
 * Encrypts a key with RSAES-OAEP (RFC 8017, section 7.1), MGF1 with the same hash, empty label.
 *
 * @returns the cryptogram, as long as the modulus
 * @throws RangeError when the key is too long for the modulus and hash
 */
export function encryptOaep(publicKey: KeyObject, hash: OaepHash, key: Secret): Uint8Array {
  const hashLength = { SHA1: 20, SHA256: 32, SHA512: 64 }[hash];
  const modulusLength = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (key.length > modulusLength - 2 * hashLength - 2) {
    throw new RangeError(`${key.length} bytes do not fit RSA of ${modulusLength * 8} bits with OAEP ${hash}`);
  }
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return key.expose(
    (bytes) => new Uint8Array(publicEncrypt({ key: publicKey, padding, oaepHash: hash }, bytes)),
  );
}

/**
 * Decrypts a key with RSAES-OAEP (RFC 8017, section 7.1), MGF1 with the same hash, empty label.
 *
 * @throws RsaDecryptionError whatever was wrong
 */
export function decryptOaep(privateKey: KeyObject, hash: OaepHash, cryptogram: Uint8Array): Secret {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  let clear: Buffer;
  try {
    clear = privateDecrypt({ key: privateKey, padding, oaepHash: hash }, cryptogram);
  } catch {
    throw new RsaDecryptionError();
  }
  const key = Secret.copyOf(clear);
  clear.fill(0);
  return key;
}
