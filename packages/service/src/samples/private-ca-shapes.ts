import type { Shape } from '../api/model.ts';
import {
  AUTHORITY_ALGORITHMS,
  LEAF_TEMPLATE,
  ROOT_TEMPLATE,
  SIGNING_ALGORITHMS,
} from './private-ca-model.ts';

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
