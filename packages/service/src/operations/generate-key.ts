import { adjustOddParity, type RandomSource, randomBytes, Secret } from '@keywright/crypto';
import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import { symmetricRules } from '../policy/symmetric-algorithm.ts';
import { isGoodTdesKey } from '../policy/tdes-quality.ts';

/**
 * A random key: as long as its algorithm, or as the hash of its HMAC. A TDES key has odd parity, and parts that all differ
 * and are neither weak nor semi-weak.
 */
export function generateKey(algorithm: KeyAlgorithm, random: RandomSource = randomBytes): Secret {
  const { family, keyLength } = symmetricRules(algorithm);
  return family === 'TDES' ? generateTdesKey(keyLength, random) : Secret.take(random(keyLength));
}

function generateTdesKey(keyLength: number, random: RandomSource): Secret {
  for (;;) {
    using candidate = Secret.take(random(keyLength));
    if (isGoodTdesKey(candidate)) return adjustOddParity(candidate);
  }
}
