import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64 } from '@keywright/crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Name } from '@peculiar/asn1-x509';
import { type AwsException, invalid } from '../api/exceptions.ts';
import { algorithmOf } from './public-key.ts';
import { verifySignature } from './signature.ts';

const PEM = /^\s*-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE REQUEST-----\s*$/;

/** Who asks to be certified, as his request has it. */
export interface CertificationRequester {
  readonly name: Name;
  readonly publicKey: KeyObject;
}

/**
 * Reads a certification request (PKCS #10, RFC 2986) as clients send it, base64 of its PEM text, and verifies that the key that it is
 * for has signed it. Its attributes are left aside.
 *
 * @throws AwsException ValidationException naming `field`
 */
export function readCertificationRequest(text: string, field: string): CertificationRequester {
  const request = parse(text, field);
  const { subject: name, subjectPKInfo } = request.certificationRequestInfo;
  const publicKey = readPublicKey(AsnConvert.serialize(subjectPKInfo), field);
  const { certificationRequestInfoRaw: signed, signatureAlgorithm, signature } = request;
  if (signed === undefined || !verifySignature(signatureAlgorithm, publicKey, signed, signature)) {
    throw invalid(
      `${field} has a signature that does not verify under its own key with RSA or ECDSA and SHA-2.`,
    );
  }
  return { name, publicKey };
}

function notARequest(field: string): AwsException {
  return invalid(`${field} must be base64 of the PEM text of one certification request (PKCS #10).`);
}

function parse(text: string, field: string): CertificationRequest {
  try {
    const [, body = ''] = PEM.exec(Buffer.from(decodeBase64(text, field)).toString('latin1')) ?? [];
    return AsnConvert.parse(decodeBase64(body.replaceAll(/\s/g, ''), field), CertificationRequest);
  } catch {
    throw notARequest(field);
  }
}

function readPublicKey(spki: ArrayBuffer, field: string): KeyObject {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    if (algorithmOf(publicKey) !== undefined) return publicKey;
  } catch {
    throw notARequest(field);
  }
  throw invalid(
    `${field} is for a key that is not supported: RSA of 2048, 3072 or 4096 bits, or NIST P-256, P-384, P-521.`,
  );
}
