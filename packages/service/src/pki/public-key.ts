import { createHash, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { KeyAlgorithm } from '../api/control-plane.generated.ts';

export type AsymmetricAlgorithm = Extract<KeyAlgorithm, `RSA_${string}` | `ECC_${string}`>;

/** Bits of the modulus, or the name that OpenSSL has for the curve. */
const PARAMETERS = {
  RSA_2048: 2048,
  RSA_3072: 3072,
  RSA_4096: 4096,
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
} as const satisfies Record<AsymmetricAlgorithm, number | string>;

export const ASYMMETRIC_ALGORITHMS = Object.keys(PARAMETERS) as readonly AsymmetricAlgorithm[];

export function isAsymmetric(algorithm: KeyAlgorithm): algorithm is AsymmetricAlgorithm {
  return Object.hasOwn(PARAMETERS, algorithm);
}

/** Bits of the modulus of an RSA key, or OpenSSL's name for the curve. */
export function parametersOf(algorithm: AsymmetricAlgorithm): number | string {
  return PARAMETERS[algorithm];
}

/** The algorithm of a public or private key; undefined for one that no key here can have. */
export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject) {
  const { modulusLength, publicExponent = 0n, namedCurve } = asymmetricKeyDetails;
  // With the exponent 1, a cryptogram is the message itself.
  const rsa = asymmetricKeyType === 'rsa' && publicExponent > 1n ? modulusLength : undefined;
  const parameters = asymmetricKeyType === 'ec' ? namedCurve : rsa;
  return ASYMMETRIC_ALGORITHMS.find((algorithm) => PARAMETERS[algorithm] === parameters);
}

/** A public key as certificates have it (RFC 5280, section 4.1.2.7): DER. */
export function exportPublicKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/**
 * SHA-1 of the public key without its algorithm (RFC 5280, section 4.2.1.2, method 1): 20 bytes. A name for the key, no
 * protection.
 */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  const { subjectPublicKey } = AsnConvert.parse(exportPublicKey(publicKey), SubjectPublicKeyInfo);
  return createHash('sha1').update(new Uint8Array(subjectPublicKey)).digest();
}
