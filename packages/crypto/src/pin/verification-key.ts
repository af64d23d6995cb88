import type { Secret } from '../bytes/secret.ts';
import { cipherOf } from '../cipher/block-cipher.ts';
import type { BlockCipher } from '../cipher/engine.ts';
import { PinVerificationError } from './pin-verification-error.ts';

/** @throws PinVerificationError (KEY_LENGTH) unless the PVK is two- or three-key TDES */
export function expandVerificationKey(key: Secret): BlockCipher {
  if (key.length !== 16 && key.length !== 24) {
    const message = `PIN verification key must be 16 or 24 bytes, got ${key.length}`;
    throw new PinVerificationError('KEY_LENGTH', message);
  }
  return cipherOf('TDES', key);
}
