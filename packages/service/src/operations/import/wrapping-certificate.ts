import type { KeyObject } from 'node:crypto';
import { type Certified, certificatePem, issueCertificate, keyIdentifier } from './x509.ts';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface WrappingCertificateRequest {
  readonly account: string;
  readonly publicKey: KeyObject;
  /** A key pair of its own for this one certificate, as strong as the key that it certifies. */
  readonly issuer: Pair;
  readonly validity: Certified['validity'];
}

/**
 * A certificate for the public key of an import token, and that of its issuer, both as PEM.
 *
 * The issuer is made for the token and its private key forgotten: nobody can issue anything in its name later, and no
 * such key has to be kept. Trust in the certificate comes from the signed call that it was fetched with.
 */
export async function issueWrappingCertificate(
  request: WrappingCertificateRequest,
): Promise<{ certificate: string; certificateChain: string }> {
  const { account, publicKey, issuer, validity } = request;
  const unit = { organization: 'Keywright', unit: 'Key import' };
  const issuerName = { ...unit, common: `${account} ${keyIdentifier(issuer.publicKey).toString('hex')}` };
  const authority: Certified = { name: issuerName, publicKey: issuer.publicKey, validity, authority: true };
  const wrapping: Certified = { name: { ...unit, common: account }, publicKey, validity, authority: false };
  const signer = { name: issuerName, ...issuer };
  return {
    certificate: certificatePem(await issueCertificate(wrapping, signer)),
    certificateChain: certificatePem(await issueCertificate(authority, signer)),
  };
}
