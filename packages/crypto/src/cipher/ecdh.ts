import { createHash, diffieHellman, type KeyObject } from 'node:crypto';
import { assertLength } from '../bytes/bytes.ts';
import { Secret } from '../bytes/secret.ts';
import type { HashName } from './hmac.ts';

/** Curves for key agreement (NIST SP 800-186, section 3.2.1). */
export type EcdhCurve = 'P-256' | 'P-384' | 'P-521';

/** As OpenSSL calls them. */
const CURVES: Readonly<Record<string, EcdhCurve>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

/**
 * The curve of an EC key, private or public.
 *
 * @returns undefined for any other key, and for one on any other curve
 */
export function ecdhCurve(key: KeyObject): EcdhCurve | undefined {
  const name = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return name === undefined ? undefined : CURVES[name];
}

/**
 * The shared secret Z of ECC CDH (NIST SP 800-56A, section 5.7.1.2): the x-coordinate, as long as the curve's field, 32, 48
 * or 66 bytes.
 *
 * @throws TypeError when a key is not an EC key of one of the curves, the first not private, or the curves differ
 */
export function agreeSecret(privateKey: KeyObject, publicKey: KeyObject): Secret {
  const curve = ecdhCurve(privateKey);
  if (curve === undefined || privateKey.type !== 'private') {
    throw new TypeError('the first key must be an EC private key on P-256, P-384 or P-521');
  }
  if (ecdhCurve(publicKey) !== curve) {
    throw new TypeError(`the second key must be an EC key on ${curve}, as the first is`);
  }
  return Secret.take(diffieHellman({ privateKey, publicKey }));
}

/**
 * How a key is made of a shared secret.
 * - `NIST_SP800`: one-step derivation with a hash (NIST SP 800-56C, section 4.1, option 1)
 * - `ANSI_X963`: ANSI X9.63, section 5.6.3
 */
export type KeyDerivationFunction = 'NIST_SP800' | 'ANSI_X963';

export type KeyDerivationHash = Extract<HashName, 'SHA256' | 'SHA384' | 'SHA512'>;

/** Both count the rounds in 4 bytes, from 1. A key here is never longer than a hash: there is one round. */
const COUNTER = Uint8Array.of(0, 0, 0, 1);

type Inputs = (secret: Uint8Array, sharedInfo: Uint8Array) => readonly Uint8Array[];

/** What is hashed. */
const INPUTS: Readonly<Record<KeyDerivationFunction, Inputs>> = {
  NIST_SP800: (secret, sharedInfo) => [COUNTER, secret, sharedInfo],
  ANSI_X963: (secret, sharedInfo) => [secret, COUNTER, sharedInfo],
};

export interface DeriveSharedKeyOptions {
  readonly function: KeyDerivationFunction;
  readonly hash: KeyDerivationHash;
  /** Z; stays the caller's to dispose of. */
  readonly sharedSecret: Secret;
  /** What both parties know besides; SP 800-56C calls it FixedInfo. Any length, taken as it is. */
  readonly sharedInfo: Uint8Array;
  /** Bytes of the key. */
  readonly length: 16 | 24 | 32;
}

/**
 * Derives a key from a shared secret.
 *
 * @throws RangeError when the length is another
 */
export function deriveSharedKey(options: DeriveSharedKeyOptions): Secret {
  const { sharedSecret, sharedInfo, length } = options;
  assertLength({ length }, [16, 24, 32], 'derived key');
  const digest = sharedSecret.expose((secret) => {
    const hash = createHash(options.hash);
    for (const input of INPUTS[options.function](secret, sharedInfo)) hash.update(input);
    return hash.digest();
  });
  const key = Secret.copyOf(digest.subarray(0, length));
  digest.fill(0);
  return key;
}
