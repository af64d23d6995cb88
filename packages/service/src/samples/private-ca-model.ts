import type { Shape } from '../api/model.ts';

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

function text(min: number, max: number, pattern?: string): Shape {
  return { type: 'string', min, max, ...(pattern && { pattern }) };
}

function oneOf(...values: string[]): Shape {
  return { type: 'string', enum: values };
}

function structure(members: Record<string, string>, required = Object.keys(members)): Shape {
  const named = Object.entries(members).map(([name, shape]) => [name, { shape }]);
  return { type: 'structure', members: Object.fromEntries(named), required };
}

const BLOB = 43_692;
const PRINTABLE = "[a-zA-Z0-9'()+-.?:/= ]*";

/** What of the model of AWS Private CA is used here. Other members are ignored, as in the service's own requests. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  Arn: text(5, 200, 'arn:[\\w+=/,.@-]+:acm-pca:[\\w+=/,.@-]*:[0-9]*:[\\w+=,.@-]+(/[\\w+=,.@-]+)*'),
  Blob: text(1, BLOB),
  KeyAlgorithm: oneOf(...Object.keys(AUTHORITY_ALGORITHMS)),
  SigningAlgorithm: oneOf(...Object.keys(SIGNING_ALGORITHMS)),
  Type: oneOf('ROOT'),
  Status: oneOf('ACTIVE', 'DISABLED'),
  UsageMode: oneOf('GENERAL_PURPOSE', 'SHORT_LIVED_CERTIFICATE'),
  Template: oneOf(ROOT_TEMPLATE, LEAF_TEMPLATE),
  Country: text(2, 2, '[A-Za-z]{2}'),
  Text64: text(0, 64),
  Text128: text(0, 128),
  SerialNumber: text(0, 64, PRINTABLE),
  Days: { type: 'integer', min: 7, max: 30 },
  Period: { type: 'integer', min: 1, max: 3650 },
  PeriodType: oneOf('DAYS', 'MONTHS', 'YEARS'),
  Validity: structure({ Value: 'Period', Type: 'PeriodType' }),
  TagKey: text(1, 128),
  TagValue: text(0, 256),
  Tag: structure({ Key: 'TagKey', Value: 'TagValue' }, ['Key']),
  Tags: { type: 'list', member: { shape: 'Tag' }, min: 1, max: 50 },
  Subject: structure(
    {
      Country: 'Country',
      Organization: 'Text64',
      OrganizationalUnit: 'Text64',
      State: 'Text128',
      CommonName: 'Text64',
      SerialNumber: 'SerialNumber',
      Locality: 'Text128',
    },
    [],
  ),
  Configuration: structure({
    KeyAlgorithm: 'KeyAlgorithm',
    SigningAlgorithm: 'SigningAlgorithm',
    Subject: 'Subject',
  }),
  NewAuthority: structure(
    {
      CertificateAuthorityConfiguration: 'Configuration',
      CertificateAuthorityType: 'Type',
      UsageMode: 'UsageMode',
      Tags: 'Tags',
    },
    ['CertificateAuthorityConfiguration', 'CertificateAuthorityType'],
  ),
  Nothing: structure({}),
  Authority: structure({ CertificateAuthorityArn: 'Arn' }),
  AuthorityTags: structure({ CertificateAuthorityArn: 'Arn', Tags: 'Tags' }),
  AuthorityStatus: structure({ CertificateAuthorityArn: 'Arn', Status: 'Status' }),
  AuthorityCertificate: structure({ CertificateAuthorityArn: 'Arn', Certificate: 'Blob' }),
  AuthorityDeletion: structure({ CertificateAuthorityArn: 'Arn', PermanentDeletionTimeInDays: 'Days' }, [
    'CertificateAuthorityArn',
  ]),
  IssuedCertificate: structure({ CertificateAuthorityArn: 'Arn', CertificateArn: 'Arn' }),
  NewCertificate: structure(
    {
      CertificateAuthorityArn: 'Arn',
      Csr: 'Blob',
      SigningAlgorithm: 'SigningAlgorithm',
      TemplateArn: 'Template',
      Validity: 'Validity',
    },
    ['CertificateAuthorityArn', 'Csr', 'SigningAlgorithm', 'Validity'],
  ),
};
