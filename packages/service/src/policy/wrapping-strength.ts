import type { KeyAlgorithm } from '../api/control-plane.generated.ts';
import { invalid } from '../api/exceptions.ts';
import { oneOf } from './wording.ts';

/** Wrapping keys of each kind that are at least as strong as the key, weakest first. */
interface Protectors {
  /** For key blocks (TR-31). */
  readonly symmetric: readonly KeyAlgorithm[];
  /** For RSA cryptograms. */
  readonly rsa: readonly KeyAlgorithm[];
  /** For keys agreed on with ECDH. */
  readonly ecc: readonly KeyAlgorithm[];
}

const AES = ['AES_128', 'AES_192', 'AES_256'] as const;
const RSA = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
const ECC = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const;

/** No published table has a row for HMAC keys: TDES, the weakest, is kept away from them. */
const HMAC: Protectors = { symmetric: AES, rsa: [], ecc: ECC };
const ASYMMETRIC: Protectors = { symmetric: [], rsa: [], ecc: [] };

const PROTECTORS: Readonly<Record<KeyAlgorithm, Protectors>> = {
  TDES_2KEY: { symmetric: ['TDES_2KEY', 'TDES_3KEY', ...AES], rsa: RSA, ecc: ECC },
  TDES_3KEY: { symmetric: ['TDES_3KEY', ...AES], rsa: RSA, ecc: ECC },
  AES_128: { symmetric: AES, rsa: ['RSA_3072', 'RSA_4096'], ecc: ECC },
  AES_192: { symmetric: ['AES_192', 'AES_256'], rsa: [], ecc: ['ECC_NIST_P384', 'ECC_NIST_P521'] },
  AES_256: { symmetric: ['AES_256'], rsa: [], ecc: ['ECC_NIST_P521'] },
  HMAC_SHA224: HMAC,
  HMAC_SHA256: HMAC,
  HMAC_SHA384: HMAC,
  HMAC_SHA512: HMAC,
  RSA_2048: ASYMMETRIC,
  RSA_3072: ASYMMETRIC,
  RSA_4096: ASYMMETRIC,
  ECC_NIST_P256: ASYMMETRIC,
  ECC_NIST_P384: ASYMMETRIC,
  ECC_NIST_P521: ASYMMETRIC,
};

/** Throws unless a wrapping key of the algorithm is strong enough to protect a key of the other. */
export function checkWrappingStrength(wrapping: KeyAlgorithm, protectedKey: KeyAlgorithm): void {
  const protectors = PROTECTORS[protectedKey];
  const kind = kindOf(wrapping);
  if (protectors[kind].includes(wrapping)) return;
  throw invalid(`${wrapping} cannot protect ${protectedKey}: ${remedy(kind, protectors)}.`);
}

function kindOf(wrapping: KeyAlgorithm): keyof Protectors {
  if (wrapping.startsWith('RSA_')) return 'rsa';
  return wrapping.startsWith('ECC_') ? 'ecc' : 'symmetric';
}

function remedy(kind: keyof Protectors, protectors: Protectors): string {
  const { symmetric, ecc } = protectors;
  if (symmetric.length === 0) return 'keys of this algorithm cannot be wrapped';
  const enough = protectors[kind];
  if (enough.length > 0) return `use ${strongFrom(enough)} ${kind === 'ecc' ? 'key pair' : 'wrapping key'}`;
  return `use a TR-31 key block under ${strongFrom(symmetric)} key, or ECDH with ${strongFrom(ecc)} key pair`;
}

/** `an AES_192 or stronger`; the strongest stands alone. */
function strongFrom(enough: readonly KeyAlgorithm[]): string {
  const weakest = enough[0]!;
  const article = weakest.startsWith('TDES') ? 'a' : 'an';
  return `${article} ${oneOf(enough.length > 1 ? [weakest, 'stronger'] : [weakest])}`;
}
