import type { Secret } from '../bytes/secret.ts';

/** An encrypted payload and the MAC that binds it to its header. */
export interface SealedPayload {
  readonly encrypted: Uint8Array;
  readonly mac: Uint8Array;
}

/** How a key and its header are bound together (ANSI X9.143:2021, section 7). `header` includes the optional blocks. */
export interface Binding {
  seal(kbpk: Secret, header: Uint8Array, payload: Uint8Array): SealedPayload;
  /**
   * Checks the MAC, in constant time, and decrypts.
   *
   * @returns the clear payload, which the caller wipes, or `undefined` when the MAC is wrong
   */
  open(kbpk: Secret, header: Uint8Array, sealed: SealedPayload): Uint8Array | undefined;
}
