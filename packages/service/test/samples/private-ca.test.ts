// AWS Private CA as AWS's samples use it; certificates and requests are made and checked by openssl.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { suite, test } from 'node:test';
import { checkChain } from '../../src/pki/chain.ts';
import type { AsymmetricAlgorithm } from '../../src/pki/public-key.ts';
import { sampleServices } from '../../src/samples/sample-service.ts';
import { startTestServer, type TestServer } from '../http/fixture.ts';
import { keyFile, openssl, put, selfSigned } from '../pki/openssl.ts';

const TEMPLATE = 'arn:aws:acm-pca:::template';
const ROOT = `${TEMPLATE}/RootCACertificate/V1`;
const LEAF = `${TEMPLATE}/EndEntityCertificate/V1`;
const DAY = { Type: 'DAYS', Value: 1 };
const YEARS = { Type: 'YEARS', Value: 10 };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever JSON came
type Body = any;

const REGION = 'us-east-2';

async function call(server: TestServer, operation: string, input: object, region = REGION): Promise<Body> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `ACMPrivateCA.${operation}`,
  };
  const answer = await server.send('/', input, { headers, scope: { service: 'acm-pca', region } });
  const body = await answer.json();
  assert.equal(answer.headers.get('content-type'), 'application/x-amz-json-1.1');
  assert.equal(answer.status, (body as Body).__type === undefined ? 200 : 400);
  return body;
}

function start(): Promise<TestServer> {
  return startTestServer({}, {}, sampleServices());
}

const EC = { KeyAlgorithm: 'EC_prime256v1', SigningAlgorithm: 'SHA256WITHECDSA' };
const RSA = { KeyAlgorithm: 'RSA_2048', SigningAlgorithm: 'SHA256WITHRSA' };

async function create(server: TestServer, { KeyAlgorithm, SigningAlgorithm } = EC): Promise<string> {
  const Subject = { Country: 'US', Organization: 'Samples', CommonName: 'pindemo' };
  const { CertificateAuthorityArn } = await call(server, 'CreateCertificateAuthority', {
    CertificateAuthorityConfiguration: { KeyAlgorithm, SigningAlgorithm, Subject },
    CertificateAuthorityType: 'ROOT',
    UsageMode: 'SHORT_LIVED_CERTIFICATE',
  });
  return CertificateAuthorityArn;
}

function blob(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

/** A certification request, as clients send it. */
function requestOf(algorithm: AsymmetricAlgorithm, name = '/C=US/O=My Company/CN=mysite.com'): string {
  const how = ['-config', put('[req]\ndistinguished_name=dn\n[dn]\n')];
  return openssl('req', '-new', '-key', keyFile(algorithm, name), '-subj', name, ...how);
}

/** Issues a certificate and fetches it. */
async function issue(server: TestServer, arn: string, pem: string, others: object = {}): Promise<Body> {
  const issued = await call(server, 'IssueCertificate', {
    CertificateAuthorityArn: arn,
    Csr: blob(pem),
    SigningAlgorithm: EC.SigningAlgorithm,
    TemplateArn: LEAF,
    Validity: DAY,
    ...others,
  });
  if (issued.__type !== undefined) return issued;
  const { CertificateArn } = issued;
  return call(server, 'GetCertificate', { CertificateAuthorityArn: arn, CertificateArn });
}

/** An authority that has its own certificate, as the samples make it. */
async function createActive(server: TestServer, algorithms = EC): Promise<string> {
  const arn = await create(server, algorithms);
  const CertificateAuthorityArn = arn;
  const { Csr } = await call(server, 'GetCertificateAuthorityCsr', { CertificateAuthorityArn });
  const { SigningAlgorithm } = algorithms;
  const root = await issue(server, arn, Csr, { TemplateArn: ROOT, Validity: YEARS, SigningAlgorithm });
  assert.equal(root.CertificateChain, undefined);
  const Certificate = blob(root.Certificate);
  await call(server, 'ImportCertificateAuthorityCertificate', { CertificateAuthorityArn, Certificate });
  return arn;
}

async function statusOf(server: TestServer, arn: string): Promise<string> {
  const described = await call(server, 'DescribeCertificateAuthority', { CertificateAuthorityArn: arn });
  return described.CertificateAuthority.Status;
}

suite('AWS Private CA, for AWS’s samples', () => {
  for (const [name, algorithms, leafAlgorithm] of [
    ['P-256', EC, 'ECC_NIST_P256'],
    ['RSA', RSA, 'RSA_2048'],
  ] as const) {
    test(`an authority on ${name}, and a chain that openssl and the import of keys accept`, async () => {
      await using server = await start();
      const arn = await create(server, algorithms);
      assert.match(arn, /^arn:aws:acm-pca:us-east-2:111122223333:certificate-authority\/[0-9a-f-]{36}$/);
      assert.equal(await statusOf(server, arn), 'PENDING_CERTIFICATE');
      const { Csr } = await call(server, 'GetCertificateAuthorityCsr', { CertificateAuthorityArn: arn });
      assert.match(openssl('req', '-verify', '-in', put(Csr), '-noout', '-subject'), /CN ?= ?pindemo/);

      const active = await createActive(server, algorithms);
      assert.equal(await statusOf(server, active), 'ACTIVE');
      const of = { CertificateAuthorityArn: active };
      const { Certificate: root } = await call(server, 'GetCertificateAuthorityCertificate', of);
      const { SigningAlgorithm } = algorithms;
      const leaf = await issue(server, active, requestOf(leafAlgorithm), { SigningAlgorithm });
      assert.equal(leaf.CertificateChain, root);
      openssl('verify', '-x509_strict', '-CAfile', put(root), put(leaf.Certificate));
      const chain = [leaf.Certificate, root].map((pem) => ({
        name: 'certificate',
        certificate: new X509Certificate(pem),
      }));
      checkChain(chain, Date.now());
      const { subject, publicKey, validToDate } = chain[0]!.certificate;
      assert.equal(subject, 'C=US\nO=My Company\nCN=mysite.com');
      const own = openssl(
        'pkey',
        '-in',
        keyFile(leafAlgorithm, '/C=US/O=My Company/CN=mysite.com'),
        '-pubout',
      );
      assert.equal(publicKey.export({ type: 'spki', format: 'pem' }), own);
      assert.ok(Math.abs(validToDate.getTime() - Date.now() - 86_400_000) < 60_000);
      const text = openssl('x509', '-in', put(leaf.Certificate), '-noout', '-text');
      assert.match(text, /Signature Algorithm: (ecdsa-with-SHA256|sha256WithRSAEncryption)/);
    });
  }

  test('authorities are listed in their region, with tags, and deleted once they are disabled', async () => {
    await using server = await start();
    const arn = await createActive(server);
    const of = { CertificateAuthorityArn: arn };
    await call(server, 'TagCertificateAuthority', { ...of, Tags: [{ Key: 'pindemo', Value: '1' }] });
    assert.deepEqual(await call(server, 'ListTags', of), { Tags: [{ Key: 'pindemo', Value: '1' }] });
    const { CertificateAuthorities } = await call(server, 'ListCertificateAuthorities', {});
    assert.deepEqual(
      CertificateAuthorities.map(({ Arn, Status }: Body) => [Arn, Status]),
      [[arn, 'ACTIVE']],
    );
    const elsewhere = await call(server, 'ListCertificateAuthorities', {}, 'eu-central-1');
    assert.deepEqual(elsewhere, { CertificateAuthorities: [] });
    assert.equal((await call(server, 'ListTags', of, 'eu-central-1')).__type, 'ResourceNotFoundException');

    const refused = await call(server, 'DeleteCertificateAuthority', of);
    assert.match(refused.Message, /must be DISABLED, and is ACTIVE/);
    await call(server, 'UpdateCertificateAuthority', { ...of, Status: 'DISABLED' });
    const late = await issue(server, arn, requestOf('ECC_NIST_P256'));
    assert.deepEqual(
      [late.__type, late.Message],
      ['ConflictException', 'The certificate authority must be ACTIVE, and is DISABLED.'],
    );
    await call(server, 'DeleteCertificateAuthority', { ...of, PermanentDeletionTimeInDays: 7 });
    assert.equal((await call(server, 'ListTags', of)).__type, 'ResourceNotFoundException');
  });

  test('certificates that must not be issued', async () => {
    await using server = await start();
    const arn = await createActive(server);
    const request = requestOf('ECC_NIST_P256');
    // The last byte of the signature is another.
    const der = Buffer.from(request.replace(/-----.*-----/g, ''), 'base64');
    der[der.length - 1]! ^= 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    const sha1 = openssl('req', '-new', '-sha1', '-key', keyFile('RSA_2048'), '-subj', '/CN=x');
    const k1 = put('');
    openssl('ecparam', '-name', 'secp256k1', '-genkey', '-noout', '-out', k1);
    for (const [pem, others, message] of [
      [forged, {}, /^csr has a signature that does not verify/],
      [sha1, {}, /^csr has a signature that does not verify/],
      [openssl('req', '-new', '-key', k1, '-subj', '/CN=x'), {}, /^csr is for a key that is not supported/],
      [selfSigned({ name: 'x' }).pem, {}, /^csr must be base64 of the PEM text/],
      ['', {}, /'csr'/],
      [request, { TemplateArn: ROOT }, /^csr must be the authority's own/],
      [request, { TemplateArn: `${TEMPLATE}/CodeSigningCertificate/V1` }, /'templateArn'/],
      [request, { SigningAlgorithm: 'SHA256WITHRSA' }, /^signingAlgorithm must be of the kind/],
      [request, { Validity: { Type: 'YEARS', Value: 11 } }, /^validity must end before the authority's/],
      [request, { Validity: { Type: 'DAYS', Value: 0 } }, /'validity\.value'/],
      [request, { CertificateAuthorityArn: 'arn:aws:acm-pca:x' }, /'certificateAuthorityArn'/],
    ] as const) {
      const { __type, Message } = await issue(server, arn, pem, others);
      assert.deepEqual([__type, message.test(Message)], ['ValidationException', true], Message);
    }
    const early = await issue(server, await create(server), request);
    assert.match(early.Message, /must be ACTIVE, and is PENDING_CERTIFICATE/);
  });

  test('an authority takes no certificate but its own', async () => {
    await using server = await start();
    const arn = await create(server);
    const of = { CertificateAuthorityArn: arn };
    const Certificate = selfSigned({ name: 'another' }).base64;
    const refused = await call(server, 'ImportCertificateAuthorityCertificate', { ...of, Certificate });
    assert.match(refused.Message, /^certificate must be for the key of the certificate authority/);
    assert.equal((await call(server, 'GetCertificateAuthorityCertificate', of)).__type, 'ConflictException');
    assert.equal(await statusOf(server, arn), 'PENDING_CERTIFICATE');
  });

  test('a key of another kind than the signing algorithm, and operations that are not here', async () => {
    await using server = await start();
    const mixed = { ...EC, SigningAlgorithm: 'SHA256WITHRSA', Subject: {} };
    const input = { CertificateAuthorityConfiguration: mixed, CertificateAuthorityType: 'ROOT' };
    assert.match(
      (await call(server, 'CreateCertificateAuthority', input)).Message,
      /^signingAlgorithm must be/,
    );
    assert.deepEqual(await call(server, 'ListCertificateAuthorities', {}), { CertificateAuthorities: [] });
    const unknown = await call(server, 'RevokeCertificate', {});
    assert.equal(unknown.__type, 'UnknownOperationException');
    assert.match(unknown.Message, /acm-pca.*CreateCertificateAuthority, ListCertificateAuthorities/);
  });

  test('it is unknown unless it is switched on', async () => {
    await using server = await startTestServer({});
    const headers = { 'x-amz-target': 'ACMPrivateCA.ListCertificateAuthorities' };
    const answer = await server.send('/', {}, { headers, scope: { service: 'acm-pca' } });
    assert.equal(((await answer.json()) as Body).__type, 'UnknownOperationException');
  });
});
