/** The key of an authority: AWS Private CA's names for the algorithms. */
export const AUTHORITY_ALGORITHMS = {
  RSA_2048: 'RSA_2048',
  RSA_3072: 'RSA_3072',
  RSA_4096: 'RSA_4096',
  EC_prime256v1: 'ECC_NIST_P256',
  EC_secp384r1: 'ECC_NIST_P384',
  EC_secp521r1: 'ECC_NIST_P521',
} as const;

/** The type of the signing key, and the hash. */
export const SIGNING_ALGORITHMS = {
  SHA256WITHRSA: ['rsa', 'SHA256'],
  SHA384WITHRSA: ['rsa', 'SHA384'],
  SHA512WITHRSA: ['rsa', 'SHA512'],
  SHA256WITHECDSA: ['ec', 'SHA256'],
  SHA384WITHECDSA: ['ec', 'SHA384'],
  SHA512WITHECDSA: ['ec', 'SHA512'],
} as const;

export type SigningAlgorithm = keyof typeof SIGNING_ALGORITHMS;

const TEMPLATE = 'arn:aws:acm-pca:::template';
export const ROOT_TEMPLATE = `${TEMPLATE}/RootCACertificate/V1`;
export const LEAF_TEMPLATE = `${TEMPLATE}/EndEntityCertificate/V1`;

export interface Subject {
  readonly Country?: string;
  readonly Organization?: string;
  readonly OrganizationalUnit?: string;
  readonly State?: string;
  readonly CommonName?: string;
  readonly SerialNumber?: string;
  readonly Locality?: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

export interface Configuration {
  readonly KeyAlgorithm: keyof typeof AUTHORITY_ALGORITHMS;
  readonly SigningAlgorithm: SigningAlgorithm;
  readonly Subject: Subject;
}

export interface NewAuthority {
  readonly CertificateAuthorityConfiguration: Configuration;
  readonly CertificateAuthorityType: 'ROOT';
  readonly UsageMode?: 'GENERAL_PURPOSE' | 'SHORT_LIVED_CERTIFICATE';
  readonly Tags?: readonly Tag[];
}

export interface NewCertificate {
  /** Base64 of PEM. */
  readonly Csr: string;
  readonly SigningAlgorithm: SigningAlgorithm;
  readonly TemplateArn?: string;
  readonly Validity: { readonly Value: number; readonly Type: 'DAYS' | 'MONTHS' | 'YEARS' };
}
