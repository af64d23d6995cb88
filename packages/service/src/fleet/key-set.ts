import { type Ksn, parseAesKsn, parseTdesKsn } from '@keywright/crypto';
import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';

/** How a KSN is put together: the key set's digits, a number for each initial key, a counter. */
interface Scheme {
  /** What the key set's digits are called. */
  readonly name: string;
  readonly digits: number;
  readonly numberBits: number;
  readonly counterBits: number;
  readonly parse: (ksn: string) => Ksn;
}

/** ANSI X9.24-1:2009, A.1.2 with a KSI of 5 bytes (as in X9.143, optional block BI): 40, 19 and 21 bits. */
const TDES: Scheme = { name: 'KSI', digits: 10, numberBits: 19, counterBits: 21, parse: parseTdesKsn };
/** ANSI X9.24-3:2017, 6.5.2: BDK ID, derivation ID and counter of 32 bits each. */
const AES: Scheme = { name: 'BDK ID', digits: 8, numberBits: 32, counterBits: 32, parse: parseAesKsn };

/** The algorithms of base derivation keys. */
const SCHEMES: Partial<Record<KeyAlgorithm, Scheme>> = {
  TDES_2KEY: TDES,
  AES_128: AES,
  AES_192: AES,
  AES_256: AES,
};

/** @throws AwsException when no DUKPT scheme has such a BDK */
function schemeOf(algorithm: KeyAlgorithm): Scheme {
  const scheme = SCHEMES[algorithm];
  if (scheme !== undefined) return scheme;
  const right = Object.keys(SCHEMES).join(', ');
  throw invalid(`A base derivation key of ${algorithm} derives no initial keys: use one of ${right}.`);
}

/** Checks the digits of a key set. @throws AwsException */
export function checkKeySetId(algorithm: KeyAlgorithm, keySetId: string, path: string): void {
  const { name, digits } = schemeOf(algorithm);
  if (/^[0-9A-F]+$/.test(keySetId) && keySetId.length === digits) return;
  throw invalid(
    `${path} must be the ${name} of a ${algorithm} BDK: ${digits} hexadecimal digits in upper case.`,
  );
}

/** The highest number that an initial key of a key set can have; the lowest is 0. */
export function highestNumber(algorithm: KeyAlgorithm): number {
  return 2 ** schemeOf(algorithm).numberBits - 1;
}

/** The KSN of an initial key, its counter zero: TDES 20 hexadecimal digits, AES 24. */
export function formatInitialKsn(algorithm: KeyAlgorithm, keySetId: string, number: number): string {
  const { digits, numberBits, counterBits } = schemeOf(algorithm);
  const ksn = ((BigInt(`0x${keySetId}`) << BigInt(numberBits)) | BigInt(number)) << BigInt(counterBits);
  return ksn
    .toString(16)
    .toUpperCase()
    .padStart(digits + (numberBits + counterBits) / 4, '0');
}

/** The optional block that tells a terminal its KSN (ANSI X9.143:2021, 6.3.6): KS for TDES, IK for AES. */
export function ksnBlock(ksn: string): Record<string, string> {
  return ksn.length === 24 ? { IK: ksn.slice(0, 16) } : { KS: ksn };
}

/** The counter of a transaction's KSN if it belongs to that initial key, else undefined. */
export function counterUnder(initialKsn: string, ksn: string): number | undefined {
  if (ksn.length !== initialKsn.length || !/^[0-9A-Fa-f]+$/.test(ksn)) return undefined;
  const { parse } = initialKsn.length === 24 ? AES : TDES;
  const [initial, transaction] = [parse(initialKsn), parse(ksn)];
  const same = initial.initialKeyId.every((byte, i) => byte === transaction.initialKeyId[i]);
  return same ? transaction.counter : undefined;
}
