import { type KeyObject, sign } from 'node:crypto';
import { encodeBase64, randomBytes } from '@keywright/crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

const COMMON_NAME = '2.5.4.3';

/** RFC 5758, section 3.2. */
const ECDSA_WITH_SHA512 = new x509.AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.4' });

const DAY = 24 * 60 * 60 * 1000;

/** A day to either side: clocks differ, and a ceremony takes as long as its people need. */
function validity(now: number): x509.Validity {
  return new x509.Validity({ notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) });
}

function nameOf(common: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: common });
  const attribute = new x509.AttributeTypeAndValue({ type: COMMON_NAME, value });
  return new x509.Name([new x509.RelativeDistinguishedName([attribute])]);
}

function critical(extnID: string, value: object): x509.Extension {
  return new x509.Extension({
    extnID,
    critical: true,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

/** It certifies itself, and is the key that others agree on keys with. */
function extensions(): x509.Extensions {
  const { keyCertSign, keyAgreement } = x509.KeyUsageFlags;
  return new x509.Extensions([
    critical(x509.id_ce_basicConstraints, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    critical(x509.id_ce_keyUsage, new x509.KeyUsage(keyCertSign | keyAgreement)),
  ]);
}

/** 16 random bytes, positive and without a leading zero (RFC 5280, section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const serial = Uint8Array.from(randomBytes(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial.buffer;
}

/**
 * A certificate (RFC 5280) that an EC key pair issues to itself, for a day from now.
 *
 * @param now milliseconds since 1970
 * @returns PEM
 */
export function selfSignedCertificate(options: {
  publicKey: KeyObject;
  privateKey: KeyObject;
  common: string;
  now: number;
}): string {
  const spki = options.publicKey.export({ type: 'spki', format: 'der' });
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature: ECDSA_WITH_SHA512,
    issuer: nameOf(options.common),
    validity: validity(options.now),
    subject: nameOf(options.common),
    subjectPublicKeyInfo: AsnConvert.parse(spki, x509.SubjectPublicKeyInfo),
    extensions: extensions(),
  });
  const signature = sign('sha512', new Uint8Array(AsnConvert.serialize(tbsCertificate)), options.privateKey);
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_WITH_SHA512,
    signatureValue: Uint8Array.from(signature).buffer,
  });
  const lines = encodeBase64(new Uint8Array(AsnConvert.serialize(certificate))).match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
