/** One algorithm of the header's algorithm field. */
export interface AlgorithmRules {
  readonly name: string;
  /** Lengths of a key in bytes; any but 0 where there are none. */
  readonly keyLengths?: readonly number[];
  /** Lengths that older systems used. */
  readonly legacyKeyLengths?: readonly number[];
  /** Bytes that a key is filled up to, so that its length does not show (ANSI X9.143:2021, section 6.1). */
  readonly maskedLength?: number;
}

/** ANSI X9.143:2021, section 6.3.2, table 3; I and J are of ISO 20038:2017, A.2.4. */
export const ALGORITHMS: Readonly<Record<string, AlgorithmRules>> = {
  A: { name: 'AES', keyLengths: [16, 24, 32], maskedLength: 32 },
  D: { name: 'DES', keyLengths: [8], legacyKeyLengths: [16, 24], maskedLength: 24 },
  E: { name: 'elliptic curve' },
  H: { name: 'HMAC' },
  I: { name: 'HMAC-SHA-2 (ISO 20038)' },
  J: { name: 'HMAC-SHA-3 (ISO 20038)' },
  R: { name: 'RSA' },
  S: { name: 'DSA' },
  T: { name: 'triple DES', keyLengths: [16, 24], legacyKeyLengths: [8], maskedLength: 24 },
};

/** Whether a key of this algorithm may be that long; `legacy` lets lengths of older systems pass. */
export function isKeyLength(algorithm: string, length: number, legacy: boolean): boolean {
  const { keyLengths, legacyKeyLengths } = ALGORITHMS[algorithm] ?? {};
  if (keyLengths === undefined || keyLengths.includes(length)) return length > 0;
  return legacy && (legacyKeyLengths?.includes(length) ?? false);
}
