import { decodeHex, equal, type KcvMethod, keyCheckValue, type Secret } from '@keywright/crypto';

/** What the other party may have computed a check value with. */
const METHODS = { TDES: ['TDES'], AES: ['AES', 'AES_LEGACY_ECB'] } as const satisfies Record<
  string,
  readonly KcvMethod[]
>;

/**
 * Tells whether a check value on paper is that of a key or component, by any method, in constant time.
 *
 * @param stated 6 to 16 hexadecimal digits
 */
export function hasStatedCheckValue(key: Secret, algorithm: keyof typeof METHODS, stated: string): boolean {
  const expected = decodeHex(stated, 'checkValue');
  const computed = METHODS[algorithm].map((method) => keyCheckValue(method, key, expected.length));
  return computed.some((value) => equal(decodeHex(value), expected));
}
