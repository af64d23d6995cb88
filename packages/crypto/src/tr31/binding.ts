import type { Secret } from '../bytes/secret.ts';

/** How a key and its header, optional blocks included, are bound together (ANSI X9.143:2021, section 7). */
export interface Binding {
  /** @returns the whole key block: the header, and the encrypted payload and the MAC in hexadecimal */
  seal(kbpk: Secret, header: string, payload: Uint8Array): string;
  /**
   * Checks the MAC, in constant time, and decrypts.
   *
   * @param block a key block that `readKeyBlock` let pass, and the length of its header with the optional blocks
   * @returns the key, or `undefined` when the MAC is wrong, or the length that stands before the key does not fit the payload
   */
  open(kbpk: Secret, block: string, headerLength: number): Secret | undefined;
}
