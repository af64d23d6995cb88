import { Secret } from '../bytes/secret.ts';
import { adjustOddParity } from '../des-parity.ts';

/** Takes derived bytes over as a key, with the odd parity that cards and HSMs expect of a DES key. */
export function oddParityKey(bytes: Uint8Array): Secret {
  using key = Secret.take(bytes);
  return adjustOddParity(key);
}
