import { type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../failure.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The API sends PEM text in base64. */
function readCertificates(base64: string): X509Certificate[] {
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  try {
    return (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text));
  } catch (error) {
    throw new Failure(`the service sent a certificate that cannot be read: ${(error as Error).message}`);
  }
}

/** Milliseconds by which the service's clock may be ahead: its certificates begin at the moment that it was asked. */
const CLOCK_TOLERANCE = 5 * 60 * 1000;

function assertValid(certificate: X509Certificate, now: number): void {
  const { validFromDate, validToDate, validFrom, validTo } = certificate;
  if (now >= validFromDate.getTime() - CLOCK_TOLERANCE && now <= validToDate.getTime()) return;
  throw new Failure(`the service's wrapping certificate is valid from ${validFrom} to ${validTo} only`);
}

function assertIssued(certificate: X509Certificate, issuer: X509Certificate): void {
  if (issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)) return;
  throw new Failure(
    "the service's wrapping certificate was not issued by the certificates that came with it",
  );
}

/**
 * Verifies the certificate under whose key a key travels to the service: each certificate signed by the next, all valid now,
 * an RSA key of `modulusLength` bits. That they are the service's own is for the connection to say.
 *
 * @param now milliseconds since 1970
 * @throws Failure when anything of it is not so
 */
export function verifyChain(options: {
  leaf: string;
  chain: string;
  modulusLength: number;
  now: number;
}): KeyObject {
  const [leaf, ...surplus] = readCertificates(options.leaf);
  const issuers = readCertificates(options.chain);
  if (leaf === undefined || surplus.length > 0 || issuers.length === 0) {
    throw new Failure('the service did not send one wrapping certificate and its chain');
  }
  const path = [leaf, ...issuers];
  for (const certificate of path) assertValid(certificate, options.now);
  for (const [i, issuer] of issuers.entries()) assertIssued(path[i]!, issuer);
  const { asymmetricKeyType, asymmetricKeyDetails } = leaf.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < options.modulusLength) {
    throw new Failure(`the service's wrapping certificate has no RSA key of ${options.modulusLength} bits`);
  }
  return leaf.publicKey;
}
