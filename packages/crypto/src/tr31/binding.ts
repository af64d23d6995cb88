import type { Secret } from '../bytes/secret.ts';

/** How a key and its header are bound together (ANSI X9.143:2021, section 7). `header` includes the optional blocks. */
export interface Binding {
  /** @returns the encrypted payload and the MAC behind it, as they stand in the key block */
  seal(kbpk: Secret, header: Uint8Array, payload: Uint8Array): Uint8Array;
  /**
   * Checks the MAC, in constant time, and decrypts.
   *
   * @param sealed the encrypted payload and the MAC
   * @returns the clear payload, which the caller wipes, or `undefined` when the MAC is wrong
   */
  open(kbpk: Secret, header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
