import type { AsymmetricAlgorithm } from './public-key.ts';

const ANY_ECC = ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const;

/**
 * The keys that an authority of each algorithm may certify: ones that are no stronger than it is itself (NIST SP 800-57
 * part 1, section 5.6.1.1). RSA_4096, the strongest RSA there is, may certify every key: AWS's own authorities are RSA_4096 and
 * certify keys on all three curves.
 */
export const CERTIFIABLE: Readonly<Record<AsymmetricAlgorithm, readonly AsymmetricAlgorithm[]>> = {
  RSA_2048: ['RSA_2048'],
  RSA_3072: ['RSA_2048', 'RSA_3072', 'ECC_NIST_P256'],
  RSA_4096: ['RSA_2048', 'RSA_3072', 'RSA_4096', ...ANY_ECC],
  ECC_NIST_P256: ['RSA_2048', 'RSA_3072', 'ECC_NIST_P256'],
  ECC_NIST_P384: ['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384'],
  ECC_NIST_P521: ['RSA_2048', 'RSA_3072', 'RSA_4096', ...ANY_ECC],
};
