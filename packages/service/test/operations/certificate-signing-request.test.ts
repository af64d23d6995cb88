import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificateSubjectType, SigningAlgorithmType } from '../../src/api/control-plane.generated.ts';
import { openssl, put } from '../pki/openssl.ts';
import { pair } from './asymmetric.ts';
import { Service } from './service.ts';

const SUBJECT: CertificateSubjectType = {
  CommonName: 'Schlüsselverwaltung, Acquirer',
  OrganizationUnit: 'Payments',
  Organization: 'Example "Bank" AG',
  City: 'Zürich',
  Country: 'CH',
  StateOrProvince: 'ZH',
  EmailAddress: 'keys@example.com',
};
const HASHES: readonly SigningAlgorithmType[] = ['SHA224', 'SHA256', 'SHA384', 'SHA512'];

async function newPair(service: Service, request = pair('K3', 'ECC_NIST_P256', 'X')): Promise<string> {
  return (await service.call('CreateKey', request)).Key.KeyArn;
}

const PAIRS = [
  pair('S0', 'RSA_2048', 'S'),
  pair('K2', 'RSA_2048', 'D'),
  pair('D1', 'RSA_3072', 'B'),
  pair('K3', 'ECC_NIST_P256', 'X'),
  pair('K3', 'ECC_NIST_P384', 'X'),
  pair('K3', 'ECC_NIST_P521', 'X'),
];

test('a request verifies, names the subject and has the hash that was asked for', async (t) => {
  const service = new Service(t);
  for (const request of PAIRS) {
    const KeyIdentifier = await newPair(service, request);
    const family = request.KeyAttributes.KeyAlgorithm.startsWith('RSA') ? 'rsa' : 'ecdsa';
    for (const SigningAlgorithm of HASHES) {
      const { CertificateSigningRequest } = await service.call('GetCertificateSigningRequest', {
        KeyIdentifier,
        SigningAlgorithm,
        CertificateSubject: SUBJECT,
      });
      const pem = Buffer.from(CertificateSigningRequest, 'base64').toString();
      assert.match(pem, /^-----BEGIN CERTIFICATE REQUEST-----\n/);
      const how = ['-noout', '-text', '-nameopt', 'RFC2253,-esc_msb,utf8'];
      const text = openssl('req', '-verify', '-in', put(pem), ...how);
      assert.match(text, /self-signature verify OK/);
      assert.ok(
        text.includes(
          'Subject: emailAddress=keys@example.com,CN=Schlüsselverwaltung\\, Acquirer,OU=Payments,O=Example \\"Bank\\" AG,L=Zürich,ST=ZH,C=CH\n',
        ),
        text,
      );
      const name = {
        rsa: `${SigningAlgorithm.toLowerCase()}WithRSA`,
        ecdsa: `ecdsa-with-${SigningAlgorithm}`,
      };
      assert.ok(text.includes(`Signature Algorithm: ${name[family]}`), text);
    }
  }
});

test('a request may have a common name alone, and names as long as the model allows', async (t) => {
  const service = new Service(t);
  const KeyIdentifier = await newPair(service);
  const ask = async (CertificateSubject: CertificateSubjectType) => {
    const request = { KeyIdentifier, SigningAlgorithm: 'SHA256', CertificateSubject } as const;
    const { CertificateSigningRequest } = await service.call('GetCertificateSigningRequest', request);
    return openssl(
      'req',
      '-verify',
      '-in',
      put(Buffer.from(CertificateSigningRequest, 'base64')),
      '-subject',
    );
  };
  assert.match(await ask({ CommonName: 'x' }), /subject=CN = x\n/);
  const long = {
    CommonName: 'c'.repeat(64),
    OrganizationUnit: 'u'.repeat(64),
    Organization: 'o'.repeat(64),
    City: 'l'.repeat(128),
    StateOrProvince: 's'.repeat(128),
    EmailAddress: `e@${'d'.repeat(126)}`,
  };
  const text = await ask(long);
  for (const value of Object.values(long)) assert.ok(text.includes(`= ${value}`));
});

const REFUSED: [keyof CertificateSubjectType, string][] = [
  ['CommonName', 'x'.repeat(65)],
  ['CommonName', ''],
  ['CommonName', 'a;b'],
  ['CommonName', 'example.com\u0000.evil.com'],
  ['OrganizationUnit', 'x'.repeat(65)],
  ['Organization', 'x'.repeat(65)],
  ['Organization', 'a\nb'],
  ['City', 'x'.repeat(129)],
  ['City', '<x>'],
  ['Country', 'CHE'],
  ['Country', '1A'],
  ['StateOrProvince', 'x'.repeat(129)],
  ['StateOrProvince', '\u0085'],
  ['EmailAddress', 'not an address'],
  ['EmailAddress', 'o’neill@example.com'],
];

test('a subject that no certificate should have is refused by the name of its member', async (t) => {
  const service = new Service(t);
  const KeyIdentifier = await newPair(service);
  for (const [member, value] of REFUSED) {
    const CertificateSubject = { ...SUBJECT, [member]: value };
    const request = { KeyIdentifier, SigningAlgorithm: 'SHA256', CertificateSubject } as const;
    const { code, message } = await service.refusal('GetCertificateSigningRequest', request);
    assert.equal(code, 'ValidationException');
    assert.match(message, new RegExp(`ertificateSubject\\.${member[0]!.toLowerCase()}?`, 'i'));
    assert.match(message, new RegExp(member, 'i'));
  }
});
