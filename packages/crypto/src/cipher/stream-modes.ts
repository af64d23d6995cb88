import { createCipheriv, createDecipheriv } from 'node:crypto';
import { assertLength, concat } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import type { BlockCipherName } from './engine.ts';
import { toKeyObject } from './openssl.ts';

/** Modes of NIST SP 800-38A that take data of any length. CFB's number is its segment in bits. */
export type StreamMode = 'CFB1' | 'CFB8' | 'CFB64' | 'CFB128' | 'OFB';

const CIPHERS = {
  TDES: {
    keyLengths: [16, 24],
    blockLength: 8,
    modes: { CFB1: 'cfb1', CFB8: 'cfb8', CFB64: 'cfb', CFB128: undefined, OFB: 'ofb' },
  },
  AES: {
    keyLengths: [16, 24, 32],
    blockLength: 16,
    modes: { CFB1: 'cfb1', CFB8: 'cfb8', CFB64: undefined, CFB128: 'cfb', OFB: 'ofb' },
  },
} as const;

/**
 * Encrypts or decrypts in CFB or OFB mode (NIST SP 800-38A, sections 6.3 and 6.4).
 *
 * @param options.key TDES: 16 or 24 bytes; AES: 16, 24 or 32
 * @param options.iv one block: 8 bytes for TDES, 16 for AES
 * @param options.data any length in bytes; CFB1 too takes whole bytes, the highest bit first
 * @returns as many bytes as `data`
 * @throws RangeError when a length does not fit the cipher, or the segment is not one of its: AES has no CFB64, TDES no CFB128
 */
export function cryptStream(options: {
  direction: 'encrypt' | 'decrypt';
  cipher: BlockCipherName;
  mode: StreamMode;
  key: Secret;
  iv: Uint8Array;
  data: Uint8Array;
}): Uint8Array {
  const { keyLengths, blockLength, modes } = CIPHERS[options.cipher];
  const mode = modes[options.mode];
  if (mode === undefined) throw new RangeError(`${options.cipher} has no mode ${options.mode}`);
  assertLength(options.key, keyLengths, `${options.cipher} key`);
  assertLength(options.iv, [blockLength], 'IV');
  const prefix = options.cipher === 'AES' ? `aes-${options.key.length * 8}` : 'des-ede3';
  const create = options.direction === 'encrypt' ? createCipheriv : createDecipheriv;
  const cipher = create(`${prefix}-${mode}`, toKeyObject(options.cipher, options.key), options.iv);
  return concat(cipher.update(options.data), cipher.final());
}
