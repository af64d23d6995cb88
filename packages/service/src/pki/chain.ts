import type { X509Certificate } from 'node:crypto';
import { certificateValidity } from '@keywright/crypto';
import { type AwsException, invalid } from '../api/exceptions.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import { ASYMMETRIC_ALGORITHMS, type AsymmetricAlgorithm, algorithmOf } from './public-key.ts';
import { isKnownSignature } from './signature.ts';
import { CERTIFIABLE } from './strength.ts';

/** A certificate, and what messages call it: the field that it came in, or the key that it belongs to. */
export interface Named {
  readonly name: string;
  readonly certificate: X509Certificate;
}

/**
 * Validates a chain of certificates (RFC 5280, section 6.1, without policies, name constraints and revocation): from the one in
 * question through its authorities to the root that is trusted.
 *
 * @param now milliseconds since 1970
 * @throws AwsException ValidationException with the reason
 */
export function checkChain(chain: readonly Named[], now: number): void {
  for (const link of chain) checkCertificate(link, now);
  for (const [i, subject] of chain.entries()) {
    // The root at the end has signed itself.
    const issuer = chain[i + 1] ?? subject;
    checkIssuer(subject, issuer);
    if (issuer !== subject) checkPathLength(issuer, i);
  }
}

/** The algorithm of a certificate's key. @throws AwsException ValidationException when there are no such keys here */
export function algorithmOfCertificate({ name, certificate }: Named): AsymmetricAlgorithm {
  const algorithm = algorithmOf(publicKey({ name, certificate }));
  if (algorithm !== undefined) return algorithm;
  throw invalid(`${name} has a key that is not supported: use one of ${ASYMMETRIC_ALGORITHMS.join(', ')}.`);
}

function publicKey({ name, certificate }: Named) {
  try {
    return certificate.publicKey;
  } catch {
    throw invalid(`${name} has a key that cannot be read: it must be an RSA key, or one on a NIST curve.`);
  }
}

function checkCertificate(named: Named, now: number): void {
  algorithmOfCertificate(named);
  checkValidity(named, now);
  const { unknownCritical } = extensionsOf(named);
  if (unknownCritical !== undefined) {
    throw invalid(`${named.name} has a critical extension that is not supported: ${unknownCritical}.`);
  }
}

function checkValidity({ name, certificate }: Named, now: number): void {
  const validity = certificateValidity(certificate);
  if (validity === undefined) {
    throw invalid(`${name} has a validity that cannot be read: ask its authority for another certificate.`);
  }
  const [from, to] = [new Date(validity.from).toISOString(), new Date(validity.to).toISOString()];
  if (now < validity.from) throw invalid(`${name} is not yet valid: it is from ${from} on.`);
  if (now > validity.to) throw invalid(`${name} has expired: it was valid until ${to}.`);
}

function extensionsOf({ name, certificate }: Named): Extensions {
  try {
    return readExtensions(certificate);
  } catch {
    throw invalid(`${name} has extensions that cannot be read: ask its authority for another certificate.`);
  }
}

/** `followers`: how many authorities come between this one and the certificate in question. */
function checkPathLength({ name, certificate }: Named, followers: number): void {
  const { pathLength: most } = extensionsOf({ name, certificate });
  if (followers <= most) return;
  throw invalid(
    `${name} allows ${most} authorities below it, and there are ${followers}: use a certificate nearer to it.`,
  );
}

function checkIssuer(subject: Named, issuer: Named): void {
  if (!issuer.certificate.ca) throw notAnAuthority(issuer);
  if (!subject.certificate.checkIssued(issuer.certificate)) {
    throw invalid(
      `${subject.name} was not issued by ${issuer.name}: its issuer, or its authority key identifier, is another.`,
    );
  }
  checkStrength(subject, issuer);
  checkSignature(subject, issuer);
}

function notAnAuthority({ name }: Named): AwsException {
  return invalid(
    `${name} is not the certificate of an authority: its basic constraints must say CA, and its key usage, if it has one, keyCertSign.`,
  );
}

function checkStrength(subject: Named, issuer: Named): void {
  const [strong, weak] = [algorithmOfCertificate(subject), algorithmOfCertificate(issuer)];
  if (CERTIFIABLE[weak].includes(strong)) return;
  throw invalid(
    `${issuer.name} has a weaker key (${weak}) than what it certifies (${strong}): an authority must be as strong or stronger.`,
  );
}

function checkSignature(subject: Named, issuer: Named): void {
  const { certificate, name } = subject;
  if (subject !== issuer && !isKnownSignature(certificate)) {
    throw invalid(
      `${name} has a signature of an algorithm that is not supported: use RSA or ECDSA with SHA-2.`,
    );
  }
  if (certificate.verify(issuer.certificate.publicKey)) return;
  throw invalid(
    `${name} has a signature that is not its authority's: it does not verify under ${issuer.name}.`,
  );
}
