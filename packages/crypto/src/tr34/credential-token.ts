import { assertTrusted, type CertificateTrust, readCertificate } from './certificate.ts';
import { Tr34Error } from './error.ts';
import { readToken } from './signed-data.ts';
import { writeToken } from './signed-data-writer.ts';
import { onlyCrl } from './signed-token.ts';

/** A certificate, and the revocation list that a host sends along. */
export interface Credential {
  /** X.509, in DER. */
  certificate: Uint8Array;
  /** Of the authority that issued the certificate, in DER. */
  crl?: Uint8Array;
}

/**
 * Makes a credential token: of a key distribution host (TR-34, CT_KDH), with its authority's revocation list, or of a key receiving
 * device (CT_KRD). It binds nothing by itself: it is not signed, the certificate is.
 *
 * @returns the token in DER
 * @throws Tr34Error `CERTIFICATE`, `CRL`, `STRUCTURE` or `DER`
 */
export function createCredentialToken({ certificate, crl }: Credential): Uint8Array {
  readCertificate(certificate, 'certificate');
  return writeToken({
    form: 'X9_TR34_2012',
    contentType: 'data',
    content: new Uint8Array(),
    certificate,
    crl,
  });
}

/**
 * Opens a credential token, and checks its certificate against the certificate of the authority, if that is given, and against
 * the revocation list that came along.
 *
 * @throws Tr34Error `DER`, `STRUCTURE`, or a reason of `checkCertificate`
 */
export function openCredentialToken(
  o: Pick<CertificateTrust, 'now' | 'issuer'> & { token: Uint8Array },
): Credential {
  const signedData = readToken(o.token, 'data');
  const [certificate, second] = signedData.certificates;
  if (certificate === undefined || second !== undefined || signedData.signer !== undefined) {
    throw new Tr34Error('STRUCTURE', 'a credential token has one certificate and no signer');
  }
  const crl = onlyCrl(signedData);
  assertTrusted(readCertificate(certificate, 'certificate'), { now: o.now, issuer: o.issuer, crl });
  return { certificate: Uint8Array.from(certificate), ...(crl && { crl: Uint8Array.from(crl) }) };
}
