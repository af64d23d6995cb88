import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificateValidity } from '@keywright/crypto';
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
  const { validFrom, validTo } = certificate;
  const validity = certificateValidity(certificate);
  if (validity && now >= validity.from - CLOCK_TOLERANCE && now <= validity.to) return;
  throw new Failure(`the service's certificate is valid from ${validFrom} to ${validTo} only`);
}

function assertIssued(certificate: X509Certificate, issuer: X509Certificate): void {
  if (issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)) return;
  throw new Failure("the service's certificate was not issued by the certificates that came with it");
}

/** An RSA key of that many bits or more, or a key on that curve, by OpenSSL's name for it. */
export type ExpectedKey = { readonly modulusLength: number } | { readonly namedCurve: string };

function assertKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, expected: ExpectedKey): void {
  if ('namedCurve' in expected) {
    if (asymmetricKeyDetails?.namedCurve === expected.namedCurve) return;
    throw new Failure(`the service's certificate has no key on the curve ${expected.namedCurve}`);
  }
  const { modulusLength } = expected;
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= modulusLength) return;
  throw new Failure(`the service's certificate has no RSA key of ${modulusLength} bits`);
}

/**
 * Verifies the certificate of the key under which, or with which, a key travels to the service: each certificate signed by the
 * next, all valid now, the key of the kind that was asked for. That they are the service's own is for the connection to say.
 *
 * @param now milliseconds since 1970
 * @throws Failure when anything of it is not so
 */
export function verifyChain(options: {
  leaf: string;
  chain: string;
  key: ExpectedKey;
  now: number;
}): KeyObject {
  const [leaf, ...surplus] = readCertificates(options.leaf);
  const issuers = readCertificates(options.chain);
  if (leaf === undefined || surplus.length > 0 || issuers.length === 0) {
    throw new Failure('the service did not send one certificate and its chain');
  }
  const path = [leaf, ...issuers];
  for (const certificate of path) assertValid(certificate, options.now);
  for (const [i, issuer] of issuers.entries()) assertIssued(path[i]!, issuer);
  assertKey(leaf.publicKey, options.key);
  return leaf.publicKey;
}
