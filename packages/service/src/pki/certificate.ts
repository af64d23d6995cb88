import { X509Certificate } from 'node:crypto';
import { decodeBase64, encodeBase64 } from '@keywright/crypto';
import { type AwsException, invalid } from '../api/exceptions.ts';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const LINE = 64;

/**
 * Reads one certificate as clients send it: base64 of its PEM text, the PEM text itself, or base64 of its DER.
 *
 * @throws AwsException ValidationException naming `field`
 */
export function readCertificate(text: string, field: string): X509Certificate {
  const der = derOf(text, field);
  try {
    const certificate = new X509Certificate(der);
    // The parser takes BER and passes over what comes after; what is signed, stored and compared is DER.
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    throw notACertificate(field, 'cannot be read as an X.509 certificate');
  }
  throw notACertificate(field, 'is not DER from its first byte to its last');
}

function notACertificate(field: string, what: string): AwsException {
  return invalid(`${field} ${what}: send base64 of the PEM text of one certificate.`);
}

function derOf(text: string, field: string): Uint8Array {
  if (text.includes('-----BEGIN')) return derOfPem(text, field);
  const bytes = fromBase64(text, field);
  const inner = Buffer.from(bytes).toString('latin1');
  return inner.includes('-----BEGIN') ? derOfPem(inner, field) : bytes;
}

function derOfPem(pem: string, field: string): Uint8Array {
  const blocks = [...pem.matchAll(PEM)];
  if (blocks.length !== 1) throw notACertificate(field, `has ${blocks.length} whole PEM blocks`);
  const [, label, body] = blocks[0]!;
  if (label !== 'CERTIFICATE') throw notACertificate(field, `is a PEM block of another kind`);
  return fromBase64(body!, field);
}

function fromBase64(text: string, field: string): Uint8Array {
  try {
    return decodeBase64(text.replaceAll(/\s/g, ''), field);
  } catch {
    throw notACertificate(field, 'is not base64');
  }
}

/** A certificate, or a certificate request, as PEM (RFC 7468). */
export function toPem(der: Uint8Array, label: 'CERTIFICATE' | 'CERTIFICATE REQUEST'): string {
  const lines = encodeBase64(der).match(new RegExp(`.{1,${LINE}}`, 'g'))!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export function certificatePem(certificate: X509Certificate): string {
  return toPem(certificate.raw, 'CERTIFICATE');
}

/** PEM as it goes over the wire: base64 of its text. */
export function encodePem(pem: string): string {
  return encodeBase64(Buffer.from(pem));
}
