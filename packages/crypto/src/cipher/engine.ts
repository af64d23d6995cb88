import type { Secret } from '../bytes/secret.ts';

/** TDES takes keys of 8 (as EDE with equal keys), 16 and 24 bytes; AES of 16, 24 and 32. */
export type BlockCipherName = 'TDES' | 'AES';

export const KEY_LENGTHS = { TDES: [8, 16, 24], AES: [16, 24, 32] } as const;

/**
 * One expanded key. All data are whole blocks, except for `ctr` and `cmac`. The result is always a new array.
 *
 * Every engine throws a RangeError for data or an IV of a wrong length, and a TypeError for an operation that the cipher does
 * not have and for a key that was disposed of.
 */
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
  /** MAC algorithm 1 of ISO/IEC 9797-1 over at least one block, without padding: one block long. */
  cbcMac(data: Uint8Array): Uint8Array;
  /** CMAC (NIST SP 800-38B) of a message of any length; one block long. */
  cmac(message: Uint8Array): Uint8Array;
  /**
   * MAC algorithm 3 of ISO/IEC 9797-1 over at least one block, without padding: single DES under the first key, and the
   * other keys for the last block. 8 bytes. TDES only.
   */
  retailMac(data: Uint8Array): Uint8Array;
}

/** An expanded key that is its user's to dispose of. */
export interface OwnCipher extends BlockCipher, Disposable {}

/** The encryption and the MAC key that are derived from a key block protection key (ANSI X9.143:2021, 7.2). */
export interface KeyBlockCipher extends Disposable {
  /**
   * @param header with the optional blocks, printable ASCII
   * @returns the whole key block: the header, and the encrypted payload and the MAC in hexadecimal
   */
  seal(header: string, payload: Uint8Array): string;
  /**
   * @param block printable ASCII, with an even number of hexadecimal digits behind the header
   * @returns the key, or `undefined` when the MAC, compared in constant time, is wrong, or the length that stands before the
   * key does not fit the payload
   */
  open(block: string, headerLength: number): Secret | undefined;
}

/** How the keys of a key block are derived and used. */
export interface KeyBlockDerivation {
  readonly cipher: BlockCipherName;
  readonly mode: 'CBC' | 'CTR';
  /** Bytes 1 and 2 of the derivation data for the encryption key. */
  readonly usage: number;
  /** Bytes 4 and 5 of the derivation data. */
  readonly algorithm: number;
}

/** From which key to which, and for which terminal and transaction. */
export interface DukptWalk {
  /** Whether the key is the BDK; else it is the terminal's initial key. */
  readonly fromBdk: boolean;
  /** 8 bytes */
  readonly initialKeyId: Uint8Array;
  /** 0 stops at the initial key. */
  readonly counter: number;
}

/** A PIN block on the way in or out (ISO 9564-1:2017, 9.3 and 9.4.2). */
export interface PinBlockEnd {
  readonly cipher: BlockCipher;
  readonly rules: {
    /** The first digit of the PIN field. */
    readonly control: number;
    /** Lowest and highest digit of the fill behind the PIN. */
    readonly fill: readonly [lowest: number, highest: number];
  };
  /** As long as the block; `undefined` for a format without one. */
  readonly panField: Uint8Array | undefined;
}

/**
 * Operations of several steps that an engine does in one call. What they do is written out in TypeScript where they are
 * used, for the engine that has none; the two are held against each other in the tests.
 */
export interface CompositeOperations {
  /** @param kbpk taken over, and disposed of with the result */
  keyBlockCipher(kbpk: Secret, derivation: KeyBlockDerivation): KeyBlockCipher;
  /**
   * TDES DUKPT (ANSI X9.24-1:2009, A.2, A.3 and A.6).
   *
   * @param variant 16 bytes, added to the current key; with `oneWay` the sum is encrypted under itself
   */
  tdesDukptKey(key: Secret, walk: DukptWalk, variant: Uint8Array, oneWay: boolean): Secret;
  /**
   * AES DUKPT (ANSI X9.24-3:2017, 6.3). Without `working`, the key of the counter itself.
   *
   * @param working usage and algorithm indicators, and the length in bytes
   */
  aesDukptKey(
    key: Secret,
    walk: DukptWalk,
    working?: { readonly usage: number; readonly algorithm: number; readonly length: number },
  ): Secret;
  /** Whether both ciphers are the engine's own, as `translatePin` needs them. */
  translatesPin(incoming: BlockCipher, outgoing: BlockCipher): boolean;
  /**
   * Translates a PIN block to a format whose fill is one digit. The PIN does not leave the engine.
   *
   * @param random the random half of a field of format 4, 8 bytes
   * @returns `undefined` when the block is not one of the incoming format, whichever check failed
   */
  translatePin(
    incoming: PinBlockEnd,
    outgoing: PinBlockEnd,
    block: Uint8Array,
    random: Uint8Array | undefined,
  ): Uint8Array | undefined;
}

/** An implementation of the block ciphers. Every engine passes the same tests and gives the same answers. */
export interface CipherEngine {
  readonly name: string;
  /** @param key of one of `KEY_LENGTHS`; taken over, and disposed of with the cipher */
  expandKey(cipher: BlockCipherName, key: Secret): OwnCipher;
  readonly composite?: CompositeOperations;
}
