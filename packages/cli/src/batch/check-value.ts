import {
  HMAC_HASHES,
  KCV_METHODS,
  type KcvMethod,
  type KeyBlockHeader,
  keyCheckValue,
  type OptionalBlock,
  type Secret,
} from '@keywright/crypto';

/** KCV methods of the header's symmetric algorithms, and the lengths in bytes of the keys that they take. */
const CIPHERS: Readonly<Record<string, { method: KcvMethod; keyLengths: readonly number[] }>> = {
  A: { method: 'AES', keyLengths: [16, 24, 32] },
  D: { method: 'TDES', keyLengths: [8, 16, 24] },
  T: { method: 'TDES', keyLengths: [8, 16, 24] },
};

/** An HMAC key is checked with its own hash function, which optional block HM names. */
function hmacMethod(optionalBlocks: readonly OptionalBlock[]): KcvMethod | undefined {
  const hash = HMAC_HASHES[optionalBlocks.find(({ id }) => id === 'HM')?.data ?? ''];
  return KCV_METHODS.find((method) => method === `HMAC_${hash?.replace('-', '')}`);
}

/** The KCV of a wrapped key, 3 bytes; null where there is none: for asymmetric keys, and HMAC keys of an untold hash. */
export function kcvOfWrappedKey(
  { algorithm }: KeyBlockHeader,
  optionalBlocks: readonly OptionalBlock[],
  key: Secret,
): string | null {
  const cipher = CIPHERS[algorithm];
  if (cipher !== undefined)
    return cipher.keyLengths.includes(key.length) ? keyCheckValue(cipher.method, key) : null;
  const method = 'HIJ'.includes(algorithm) ? hmacMethod(optionalBlocks) : undefined;
  return method === undefined ? null : keyCheckValue(method, key);
}
