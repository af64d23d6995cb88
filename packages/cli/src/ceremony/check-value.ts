import { decodeHex, equal, type KcvMethod, keyCheckValue, type Secret } from '@keywright/crypto';
import type { Check } from './prompts.ts';

/** Paper groups its digits with spaces or dashes. */
export function ungroup(digits: string): string {
  return digits.replace(/[\s-]/g, '');
}

/** Checks that an answer is a KCV of 3 to 8 bytes. */
export const checkKcv: Check = (answer) =>
  /^(?:[0-9A-Fa-f]{2}){3,8}$/.test(ungroup(answer)) ? undefined : 'a KCV has 6 to 16 hexadecimal digits';

/** The methods that a KCV on paper may have been computed with; the first is the one that this program shows. */
const METHODS = { TDES: ['TDES'], AES: ['AES', 'AES_LEGACY_ECB'] } as const satisfies Record<
  string,
  readonly KcvMethod[]
>;

/** The method with which `stated`, as many digits as somebody gave, is the KCV of `key`; undefined when none is. */
export function matchKcv(algorithm: 'TDES' | 'AES', key: Secret, stated: string): KcvMethod | undefined {
  const expected = decodeHex(ungroup(stated), 'KCV');
  return METHODS[algorithm].find((method) =>
    equal(decodeHex(keyCheckValue(method, key, expected.length)), expected),
  );
}
