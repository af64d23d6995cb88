import { type KeyObject, X509Certificate } from 'node:crypto';
import { randomBytes } from '@keywright/crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/asn1-x509';
import type { SigningAlgorithmType } from '../api/control-plane.generated.ts';
import { type DistinguishedName, encodeName } from './name.ts';
import { exportPublicKey, keyIdentifier } from './public-key.ts';
import { type Signature, signatureOf } from './signature.ts';

const { digitalSignature, keyEncipherment, keyAgreement, keyCertSign } = x509.KeyUsageFlags;

/** The key usage of each kind of certificate (RFC 5280, section 4.2.1.3). */
const KEY_USAGES = {
  authority: keyCertSign,
  signature: digitalSignature,
  'key-encipherment': digitalSignature | keyEncipherment,
  'key-agreement': digitalSignature | keyAgreement,
} as const;

/** Who is certified, for what, and for how long. */
export interface Certified {
  /** In its parts, or as a certification request has it. */
  readonly name: DistinguishedName | x509.Name;
  readonly publicKey: KeyObject;
  readonly purpose: keyof typeof KEY_USAGES;
  /** Milliseconds since 1970; a certificate counts whole seconds. */
  readonly validity: { readonly notBefore: number; readonly notAfter: number };
  /** Of the issuer's signature; SHA512 unless told. */
  readonly hash?: SigningAlgorithmType;
}

interface Issuer {
  readonly name: x509.Name;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The certificate of an authority that issues for leaves only, signed by itself. */
export function issueRoot(
  certified: Omit<Certified, 'purpose'>,
  privateKey: KeyObject,
): Promise<X509Certificate> {
  const { name, publicKey } = certified;
  return issue({ ...certified, purpose: 'authority' }, { name: encodeName(name), publicKey, privateKey });
}

/** A certificate for a leaf, from the authority of that certificate and private key. */
export function issueLeaf(
  certified: Certified,
  authority: X509Certificate,
  privateKey: KeyObject,
): Promise<X509Certificate> {
  const { subject } = AsnConvert.parse(authority.raw, x509.Certificate).tbsCertificate;
  return issue(certified, { name: subject, publicKey: authority.publicKey, privateKey });
}

/** Issues an X.509 certificate (RFC 5280). */
async function issue(certified: Certified, issuer: Issuer): Promise<X509Certificate> {
  const signature = signatureOf(issuer.privateKey, certified.hash ?? 'SHA512');
  const tbsCertificate = toBeSigned(certified, issuer, signature);
  const signatureValue = await signature.sign(AsnConvert.serialize(tbsCertificate));
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: signature.identifier,
    signatureValue,
  });
  return new X509Certificate(new Uint8Array(AsnConvert.serialize(certificate)));
}

function toBeSigned(certified: Certified, issuer: Issuer, signature: Signature): x509.TBSCertificate {
  const { notBefore, notAfter } = certified.validity;
  return new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: serialNumber(),
    signature: signature.identifier,
    issuer: issuer.name,
    validity: new x509.Validity({ notBefore: wholeSecond(notBefore), notAfter: wholeSecond(notAfter) }),
    subject: encodeName(certified.name),
    subjectPublicKeyInfo: AsnConvert.parse(exportPublicKey(certified.publicKey), x509.SubjectPublicKeyInfo),
    extensions: extensions(certified, issuer),
  });
}

/** 16 random bytes, positive and without a leading zero (RFC 5280, section 4.1.2.2). */
function serialNumber(): ArrayBuffer {
  const serial = Uint8Array.from(randomBytes(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial.buffer;
}

function wholeSecond(time: number): Date {
  return new Date(time - (time % 1000));
}

function extensions({ publicKey, purpose }: Certified, issuer: Issuer): x509.Extensions {
  const isAuthority = purpose === 'authority';
  const constraints = new x509.BasicConstraints(isAuthority ? { cA: true, pathLenConstraint: 0 } : {});
  const issuerKey = new x509.KeyIdentifier(keyIdentifier(issuer.publicKey));
  return new x509.Extensions([
    extension(x509.id_ce_basicConstraints, 'critical', constraints),
    extension(x509.id_ce_keyUsage, 'critical', new x509.KeyUsage(KEY_USAGES[purpose])),
    extension(x509.id_ce_subjectKeyIdentifier, '', new x509.SubjectKeyIdentifier(keyIdentifier(publicKey))),
    extension(
      x509.id_ce_authorityKeyIdentifier,
      '',
      new x509.AuthorityKeyIdentifier({ keyIdentifier: issuerKey }),
    ),
    ...(isAuthority ? [] : [extension(x509.id_ce_extKeyUsage, '', EXTENDED_KEY_USAGE)]),
  ]);
}

const EXTENDED_KEY_USAGE = new x509.ExtendedKeyUsage([x509.id_kp_serverAuth, x509.id_kp_clientAuth]);

function extension(extnID: string, critical: 'critical' | '', value: object): x509.Extension {
  const extnValue = new OctetString(AsnConvert.serialize(value));
  return new x509.Extension({ extnID, critical: critical === 'critical', extnValue });
}
