import type { KeyObject } from 'node:crypto';
import { CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { SigningAlgorithmType } from '../api/control-plane.generated.ts';
import { type DistinguishedName, encodeName } from './name.ts';
import { exportPublicKey } from './public-key.ts';
import { signatureOf } from './signature.ts';

/** Who asks to be certified: a name, and the key pair that it is for. */
export interface Applicant {
  readonly name: DistinguishedName;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A certification request (PKCS #10, RFC 2986), signed by the key that it is for; DER. */
export async function certificationRequest(
  { name, publicKey, privateKey }: Applicant,
  hash: SigningAlgorithmType,
): Promise<Uint8Array> {
  const signature = signatureOf(privateKey, hash);
  const certificationRequestInfo = new CertificationRequestInfo({
    subject: encodeName(name),
    subjectPKInfo: AsnConvert.parse(exportPublicKey(publicKey), SubjectPublicKeyInfo),
  });
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: signature.identifier,
    signature: await signature.sign(AsnConvert.serialize(certificationRequestInfo)),
  });
  return new Uint8Array(AsnConvert.serialize(request));
}
