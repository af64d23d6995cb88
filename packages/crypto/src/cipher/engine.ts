import type { Secret } from '../bytes/secret.ts';

/** TDES takes keys of 8 (as EDE with equal keys), 16 and 24 bytes; AES of 16, 24 and 32. */
export type BlockCipherName = 'TDES' | 'AES';

export const KEY_LENGTHS = { TDES: [8, 16, 24], AES: [16, 24, 32] } as const;

/** One expanded key. All data are whole blocks, except for `ctr` and `cmac`. The result is always a new array. */
export interface BlockCipher {
  readonly name: BlockCipherName;
  /** Length of a block in bytes: 8 for TDES, 16 for AES. */
  readonly blockLength: 8 | 16;
  encryptEcb(data: Uint8Array): Uint8Array;
  decryptEcb(data: Uint8Array): Uint8Array;
  encryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array;
  decryptCbc(iv: Uint8Array, data: Uint8Array): Uint8Array;
  /** Counter mode; the whole block counts, big-endian. Encrypts and decrypts. AES only. */
  ctr(counter: Uint8Array, data: Uint8Array): Uint8Array;
  /** CMAC (NIST SP 800-38B) of a message of any length; one block long. */
  cmac(message: Uint8Array): Uint8Array;
}

/** An expanded key that is its user's to dispose of. */
export interface OwnCipher extends BlockCipher, Disposable {}

/** An implementation of the block ciphers. Every engine passes the same tests and gives the same answers. */
export interface CipherEngine {
  readonly name: string;
  /** @param key of one of `KEY_LENGTHS`; taken over, and disposed of with the cipher */
  expandKey(cipher: BlockCipherName, key: Secret): OwnCipher;
}
