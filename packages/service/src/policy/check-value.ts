import { type KcvMethod, keyCheckValue, type Secret } from '@keywright/crypto';
import type { KeyAlgorithm, KeyCheckValueAlgorithm } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { symmetricRules } from './symmetric-algorithm.ts';
import { oneOf } from './wording.ts';

type Methods = Partial<Record<KeyCheckValueAlgorithm, KcvMethod>>;

/** How each name computes a check value for the algorithm's keys; the first is the default. */
function methodsFor(algorithm: KeyAlgorithm): Methods {
  const rules = symmetricRules(algorithm);
  if (rules.family === 'HMAC') return { HMAC: `HMAC_${rules.hash}` };
  return rules.family === 'TDES' ? { ANSI_X9_24: 'TDES' } : { CMAC: 'AES', ANSI_X9_24: 'AES_LEGACY_ECB' };
}

/** A key's check value, three bytes in hexadecimal, and the name of how it was computed. */
export interface CheckValue {
  readonly checkValue: string;
  readonly checkValueAlgorithm: KeyCheckValueAlgorithm;
}

/** Computes the check value as `requested`, or by the default of the key's algorithm. */
export function checkValueOf(
  key: Secret,
  algorithm: KeyAlgorithm,
  requested: KeyCheckValueAlgorithm | undefined,
): CheckValue {
  const methods = methodsFor(algorithm);
  const names = Object.keys(methods) as KeyCheckValueAlgorithm[];
  const checkValueAlgorithm = requested ?? names[0]!;
  const method = methods[checkValueAlgorithm];
  if (method === undefined) {
    throw invalid(
      `KeyCheckValueAlgorithm ${checkValueAlgorithm} is not valid for ${algorithm}: use ${oneOf(names)}.`,
    );
  }
  return { checkValue: keyCheckValue(method, key), checkValueAlgorithm };
}
