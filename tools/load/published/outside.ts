// What callers of the service hold: made of published keys without the service, and without its way of deriving them.
import { createCipheriv } from 'node:crypto';
import { encodeHex, encryptPinBlock, Secret } from '@keywright/crypto';

/** One key in ECB mode, by Node's own cipher. */
export function encryptEcb(cipher: 'des-ede-ecb' | 'aes-128-ecb', key: string, data: string): string {
  const ecb = createCipheriv(cipher, Buffer.from(key, 'hex'), null).setAutoPadding(false);
  return encodeHex(Buffer.concat([ecb.update(data, 'hex'), ecb.final()]));
}

/** A PIN block of format 0 under a TDES key, or of format 4 under an AES key. */
export function pinBlock(algorithm: 'TDES' | 'AES', hex: string, digits: string, pan: string): string {
  using key = Secret.fromHex(hex);
  using pin = Secret.take(Buffer.from(digits));
  const format = algorithm === 'TDES' ? 'ISO_0' : 'ISO_4';
  return encodeHex(encryptPinBlock({ format, algorithm, key, pin, pan }));
}
