import type { HashName } from '@keywright/crypto';
import type { KeyAlgorithm, SymmetricKeyAlgorithm } from '../api/control-plane.generated.ts';

/** What is to be known of an algorithm of symmetric keys. */
export type AlgorithmRules =
  | { readonly family: 'TDES' | 'AES'; readonly keyLength: number }
  | {
      readonly family: 'HMAC';
      /** Bytes of a key made here, as many as the hash has; an imported one may have others. */
      readonly keyLength: number;
      readonly hash: HashName;
      /** Code of the hash in the optional block HM (X9.143, section 6.3.6). */
      readonly hmCode: string;
    };

export const SYMMETRIC_ALGORITHMS: Readonly<Record<SymmetricKeyAlgorithm, AlgorithmRules>> = {
  TDES_2KEY: { family: 'TDES', keyLength: 16 },
  TDES_3KEY: { family: 'TDES', keyLength: 24 },
  AES_128: { family: 'AES', keyLength: 16 },
  AES_192: { family: 'AES', keyLength: 24 },
  AES_256: { family: 'AES', keyLength: 32 },
  HMAC_SHA224: { family: 'HMAC', keyLength: 28, hash: 'SHA224', hmCode: '20' },
  HMAC_SHA256: { family: 'HMAC', keyLength: 32, hash: 'SHA256', hmCode: '21' },
  HMAC_SHA384: { family: 'HMAC', keyLength: 48, hash: 'SHA384', hmCode: '22' },
  HMAC_SHA512: { family: 'HMAC', keyLength: 64, hash: 'SHA512', hmCode: '23' },
};

export const SYMMETRIC_ALGORITHM_NAMES = Object.keys(
  SYMMETRIC_ALGORITHMS,
) as readonly SymmetricKeyAlgorithm[];

/** The letter of each family in a key block (X9.143, section 6.3.2). */
export const FAMILY_LETTERS = { TDES: 'T', AES: 'A', HMAC: 'H' } as const;

export function isSymmetric(algorithm: KeyAlgorithm): algorithm is SymmetricKeyAlgorithm {
  return Object.hasOwn(SYMMETRIC_ALGORITHMS, algorithm);
}

/** @throws TypeError for an asymmetric algorithm: the caller has checked the key's class */
export function symmetricRules(algorithm: KeyAlgorithm): AlgorithmRules {
  if (!isSymmetric(algorithm)) throw new TypeError(`${algorithm} is not an algorithm of symmetric keys`);
  return SYMMETRIC_ALGORITHMS[algorithm];
}
