import { createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { encodeBase64, randomBytes } from '@keywright/crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';

/** A distinguished name; its common name has at most 64 characters. */
export interface DistinguishedName {
  readonly organization: string;
  readonly unit: string;
  readonly common: string;
}

/** Who is certified, as what, and for how long. */
export interface Certified {
  readonly name: DistinguishedName;
  readonly publicKey: KeyObject;
  /** Milliseconds since 1970, whole seconds. */
  readonly validity: { readonly notBefore: number; readonly notAfter: number };
  /** Whether the key signs certificates; otherwise others encrypt keys with it. */
  readonly authority: boolean;
}

export interface Signer {
  readonly name: DistinguishedName;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const ATTRIBUTE_TYPES = { organization: '2.5.4.10', unit: '2.5.4.11', common: '2.5.4.3' } as const;

const SHA512_WITH_RSA = new x509.AlgorithmIdentifier({
  algorithm: '1.2.840.113549.1.1.13',
  parameters: null,
});

const signAsync = promisify(sign);

/** SHA-1 of the RSA public key (RFC 5280, section 4.2.1.2, method 1): a name for it, no protection. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'pkcs1', format: 'der' }))
    .digest();
}

function asName(name: DistinguishedName): x509.Name {
  const order = ['organization', 'unit', 'common'] as const;
  return new x509.Name(
    order.map((part) => {
      const value = new x509.AttributeValue({ utf8String: name[part] });
      return new x509.RelativeDistinguishedName([
        new x509.AttributeTypeAndValue({ type: ATTRIBUTE_TYPES[part], value }),
      ]);
    }),
  );
}

function extension(extnID: string, critical: boolean, value: object): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function extensions({ publicKey, authority }: Certified, issuer: Signer): x509.Extensions {
  const { keyCertSign, keyEncipherment } = x509.KeyUsageFlags;
  const constraints = new x509.BasicConstraints(authority ? { cA: true, pathLenConstraint: 0 } : {});
  const usage = new x509.KeyUsage(authority ? keyCertSign : keyEncipherment);
  const issuerKey = new x509.KeyIdentifier(keyIdentifier(issuer.publicKey));
  return new x509.Extensions([
    extension(x509.id_ce_basicConstraints, true, constraints),
    extension(x509.id_ce_keyUsage, true, usage),
    extension(
      x509.id_ce_subjectKeyIdentifier,
      false,
      new x509.SubjectKeyIdentifier(keyIdentifier(publicKey)),
    ),
    extension(
      x509.id_ce_authorityKeyIdentifier,
      false,
      new x509.AuthorityKeyIdentifier({ keyIdentifier: issuerKey }),
    ),
  ]);
}

/** 16 random bytes, positive and without a leading zero (RFC 5280, section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const serial = Uint8Array.from(randomBytes(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial.buffer;
}

/** Issues an X.509 certificate (RFC 5280) for an RSA key, signed with SHA-512 and RSA; the result is DER. */
export async function issueCertificate(certified: Certified, signer: Signer): Promise<Uint8Array> {
  const { notBefore, notAfter } = certified.validity;
  const spki = certified.publicKey.export({ type: 'spki', format: 'der' });
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature: SHA512_WITH_RSA,
    issuer: asName(signer.name),
    validity: new x509.Validity({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) }),
    subject: asName(certified.name),
    subjectPublicKeyInfo: AsnConvert.parse(spki, x509.SubjectPublicKeyInfo),
    extensions: extensions(certified, signer),
  });
  const signed = new Uint8Array(AsnConvert.serialize(tbsCertificate));
  const signature = await signAsync('sha512', signed, signer.privateKey);
  const signatureValue = Uint8Array.from(signature).buffer;
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: SHA512_WITH_RSA,
    signatureValue,
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

export function certificatePem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
