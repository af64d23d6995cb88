import { randomUUID } from 'node:crypto';
import { notFound } from '../api/exceptions.ts';
import { type Failure, validationException } from '../api/failure.ts';
import { shapeReaders } from '../api/shape-reader.ts';
import { CertificateAuthority } from './certificate-authority.ts';
import type { NewAuthority, NewCertificate, Tag } from './private-ca-model.ts';
import { SHAPES } from './private-ca-shapes.ts';
import type { SampleContext, SampleOperation } from './sample-service.ts';

const readerOf = shapeReaders({ operations: {}, shapes: SHAPES }, 'ignored');

/** An operation whose input has that shape, checked before it runs. What runs gives the answer's members, or nothing. */
function operation<Input>(
  shape: string,
  run: (input: Input, context: SampleContext) => unknown,
): SampleOperation {
  const read = readerOf(shape);
  return async (input, context) => {
    const failures: Failure[] = [];
    const checked = read(input, '', failures) as Input;
    if (failures.length > 0) throw validationException(failures);
    return ((await run(checked, context)) ?? {}) as object;
  };
}

interface Addressed {
  readonly CertificateAuthorityArn: string;
}

/** By ARN, of all regions. */
type Authorities = Map<string, CertificateAuthority>;

async function create(
  authorities: Authorities,
  input: NewAuthority,
  { account, region, now }: SampleContext,
): Promise<CertificateAuthority> {
  const arn = `arn:aws:acm-pca:${region}:${account}:certificate-authority/${randomUUID()}`;
  const authority = await CertificateAuthority.create(arn, input, now);
  authorities.set(arn, authority);
  return authority;
}

/** The authority that the input names, in the request's region. @throws AwsException ResourceNotFoundException */
function find(authorities: Authorities, { CertificateAuthorityArn: arn }: Addressed, context: SampleContext) {
  const authority = arn.split(':')[3] === context.region ? authorities.get(arn) : undefined;
  if (authority !== undefined) return authority;
  throw notFound(arn);
}

/**
 * AWS Private CA as far as AWS's samples use it: root authorities that certify leaves, each held in memory until it is deleted or the
 * process ends.
 */
export function privateAuthorityOperations(): Readonly<Record<string, SampleOperation>> {
  const authorities: Authorities = new Map();
  const on = <Input extends Addressed>(
    shape: string,
    run: (authority: CertificateAuthority, input: Input, context: SampleContext) => unknown,
  ) => operation<Input>(shape, (input, context) => run(find(authorities, input, context), input, context));

  return {
    CreateCertificateAuthority: operation<NewAuthority>('NewAuthority', async (input, context) => {
      const authority = await create(authorities, input, context);
      authority.tag(input.Tags ?? []);
      return { CertificateAuthorityArn: authority.arn };
    }),
    ListCertificateAuthorities: operation('Nothing', (_, { account, region }) => ({
      CertificateAuthorities: [...authorities.values()]
        .filter(({ arn }) => arn.split(':')[3] === region)
        .map((authority) => authority.describe(account)),
    })),
    DescribeCertificateAuthority: on('Authority', (authority, _, { account }) => ({
      CertificateAuthority: authority.describe(account),
    })),
    TagCertificateAuthority: on<Addressed & { Tags: readonly Tag[] }>(
      'AuthorityTags',
      (authority, { Tags }) => authority.tag(Tags),
    ),
    ListTags: on('Authority', (authority) => ({ Tags: authority.tags() })),
    GetCertificateAuthorityCsr: on('Authority', async (authority) => ({ Csr: await authority.request() })),
    IssueCertificate: on<Addressed & NewCertificate>('NewCertificate', async (authority, input, { now }) => ({
      CertificateArn: await authority.issue(input, now),
    })),
    GetCertificate: on<Addressed & { CertificateArn: string }>(
      'IssuedCertificate',
      (authority, { CertificateArn }) => authority.issued(CertificateArn),
    ),
    ImportCertificateAuthorityCertificate: on<Addressed & { Certificate: string }>(
      'AuthorityCertificate',
      (authority, { Certificate }, { now }) => authority.install(Certificate, now),
    ),
    GetCertificateAuthorityCertificate: on('Authority', (authority) => ({
      Certificate: authority.certificate(),
    })),
    UpdateCertificateAuthority: on<Addressed & { Status: 'ACTIVE' | 'DISABLED' }>(
      'AuthorityStatus',
      (authority, { Status }) => authority.setStatus(Status),
    ),
    DeleteCertificateAuthority: on('AuthorityDeletion', (authority) => {
      authority.assertDeletable();
      authorities.delete(authority.arn);
    }),
  };
}
