import type { CertificateSubjectType } from '../../api/control-plane.generated.ts';
import { invalid } from '../../api/exceptions.ts';
import { encodePem, toPem } from '../../pki/certificate.ts';
import { certificationRequest } from '../../pki/csr.ts';
import type { DistinguishedName } from '../../pki/name.ts';
import { openOwnKeyPair } from '../certificates/own-key-pair.ts';
import type { Operation } from '../operation.ts';

/** A NUL in a name has fooled readers of certificates before; no control character belongs there. */
const CONTROL = /\p{Cc}/u;
const ASCII = /^[\x20-\x7e]*$/;

function checkText(subject: CertificateSubjectType): void {
  for (const [member, text] of Object.entries(subject)) {
    if (CONTROL.test(text))
      throw invalid(`CertificateSubject.${member} has a control character: leave it out.`);
  }
  // The model's pattern lets a character through that the string of a mail address (IA5String) can't hold.
  if (!ASCII.test(subject.EmailAddress ?? '')) {
    throw invalid('CertificateSubject.EmailAddress has a character that is not ASCII: leave it out.');
  }
}

function nameOf(subject: CertificateSubjectType): DistinguishedName {
  return {
    country: subject.Country,
    state: subject.StateOrProvince,
    locality: subject.City,
    organization: subject.Organization,
    unit: subject.OrganizationUnit,
    common: subject.CommonName,
    email: subject.EmailAddress,
  };
}

export const getCertificateSigningRequest: Operation<'GetCertificateSigningRequest'> = async (
  { KeyIdentifier, SigningAlgorithm, CertificateSubject },
  context,
) => {
  checkText(CertificateSubject);
  const pair = await openOwnKeyPair(KeyIdentifier, context);
  const der = await certificationRequest({ name: nameOf(CertificateSubject), ...pair }, SigningAlgorithm);
  return { CertificateSigningRequest: encodePem(toPem(der, 'CERTIFICATE REQUEST')) };
};
