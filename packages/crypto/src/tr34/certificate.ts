import { type KeyObject, X509Certificate } from 'node:crypto';
import { certificateValidity } from '../certificate-validity.ts';
import { assertCrl, isRevoked, readCrl } from './crl.ts';
import { readDer } from './der-reader.ts';
import { sequence, TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';

/** A certificate and the private key that belongs to it. */
export interface KeyPairOwner {
  /** X.509, in DER. */
  certificate: Uint8Array;
  /** RSA. */
  privateKey: KeyObject;
}

/** A certificate, as far as TR-34 looks into it. */
export interface Certificate {
  readonly x509: X509Certificate;
  /** Whose it is, for messages: `KDH certificate`. */
  readonly name: string;
  /** The serial number, an INTEGER, as the certificate has it, byte for byte. */
  readonly serial: Uint8Array;
  /** IssuerAndSerialNumber (RFC 5652, section 10.2.4) of the certificate's own bytes: what tokens call it by. */
  readonly id: Uint8Array;
}

function readX509(der: Uint8Array, name: string): X509Certificate {
  try {
    const x509 = new X509Certificate(der);
    if (x509.publicKey.asymmetricKeyType === 'rsa') return x509;
  } catch (cause) {
    throw new Tr34Error('CERTIFICATE', `${name}: not an X.509 certificate (${(cause as Error).message})`);
  }
  throw new Tr34Error('CERTIFICATE', `${name}: the public key must be an RSA key`);
}

/**
 * Reads a certificate (RFC 5280, section 4.1). Nothing of it is verified.
 *
 * @throws Tr34Error `DER` or `CERTIFICATE`
 */
export function readCertificate(der: Uint8Array, name: string): Certificate {
  const outer = ElementReader.ofSequence(readDer(der), name, 'CERTIFICATE');
  const fields = new ElementReader(outer.take(TAG.SEQUENCE, 'what is signed'), name, 'CERTIFICATE');
  fields.takeOptional(TAG.CONTEXT_0);
  const serial = fields.take(TAG.INTEGER, 'the serial number').encoded;
  fields.take(TAG.SEQUENCE, 'the signature algorithm');
  const issuer = fields.take(TAG.SEQUENCE, 'the issuer').encoded;
  return { x509: readX509(der, name), name, serial, id: sequence(issuer, serial) };
}

/** The owner's certificate, checked to be that of the private key. */
export function readKeyPair(owner: KeyPairOwner, name: string): Certificate {
  const certificate = readCertificate(owner.certificate, name);
  if (certificate.x509.checkPrivateKey(owner.privateKey)) return certificate;
  throw new Tr34Error('KEY_PAIR', `${name}: the private key does not belong to it`);
}

function assertInForce({ x509, name }: Certificate, now: Date): void {
  if (Number.isNaN(now.getTime())) throw new RangeError('now must be a time');
  const validity = certificateValidity(x509);
  if (validity === undefined)
    throw new Tr34Error('STRUCTURE', `${name}: its validity must be two times in UTC`);
  const [from, to] = [new Date(validity.from), new Date(validity.to)];
  if (now < from) {
    throw new Tr34Error('CERTIFICATE_NOT_YET_VALID', `${name}: not valid before ${from.toISOString()}`);
  }
  if (now > to) throw new Tr34Error('CERTIFICATE_EXPIRED', `${name}: expired at ${to.toISOString()}`);
}

function assertIssuedBy(certificate: Certificate, issuer: Certificate): void {
  const { x509, name } = certificate;
  if (issuer.x509.ca && x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey)) return;
  throw new Tr34Error(
    'CERTIFICATE_UNKNOWN',
    `${name}: not issued by the certificate authority that was given`,
  );
}

/** What a certificate is checked against. */
export interface CertificateTrust {
  now: Date;
  /** The certificate of the authority that issued it, in DER. Without it, nothing but the time is checked. */
  issuer?: Uint8Array | undefined;
  /** The authority's revocation list, in DER; looked into when `issuer` is given. */
  crl?: Uint8Array | undefined;
}

/** Checks a certificate that has been read. */
export function assertTrusted(certificate: Certificate, { now, issuer, crl }: CertificateTrust): void {
  assertInForce(certificate, now);
  if (issuer === undefined) return;
  const authority = readCertificate(issuer, `authority of the ${certificate.name}`);
  assertInForce(authority, now);
  assertIssuedBy(certificate, authority);
  if (crl === undefined) return;
  const list = readCrl(crl);
  assertCrl(list, authority, now);
  if (isRevoked(list, certificate.serial)) {
    throw new Tr34Error('CERTIFICATE_REVOKED', `${certificate.name}: revoked by its certificate authority`);
  }
}

/**
 * Checks a certificate (X.509, DER) before it is used: that it is in force, and, when the certificate of its authority is given,
 * that the authority issued it, is itself in force, and has not revoked it (RFC 5280, section 6, for a chain of one).
 *
 * @throws Tr34Error `DER`, `CERTIFICATE`, `CERTIFICATE_NOT_YET_VALID`, `CERTIFICATE_EXPIRED`, `CERTIFICATE_UNKNOWN`,
 * `CERTIFICATE_REVOKED`, `CRL` or `CRL_EXPIRED`
 */
export function checkCertificate(options: CertificateTrust & { certificate: Uint8Array }): void {
  assertTrusted(readCertificate(options.certificate, 'certificate'), options);
}
