import { type KeyObject, sign, verify, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { SigningAlgorithmType } from '../api/control-plane.generated.ts';

/** The identifiers of PKCS #1 v1.5 (RFC 8017, appendix A.2.4) and of ECDSA (RFC 5758, section 3.2) with each hash. */
const SIGNATURES = {
  rsa: {
    SHA224: '1.2.840.113549.1.1.14',
    SHA256: '1.2.840.113549.1.1.11',
    SHA384: '1.2.840.113549.1.1.12',
    SHA512: '1.2.840.113549.1.1.13',
  },
  ec: {
    SHA224: '1.2.840.10045.4.3.1',
    SHA256: '1.2.840.10045.4.3.2',
    SHA384: '1.2.840.10045.4.3.3',
    SHA512: '1.2.840.10045.4.3.4',
  },
} as const satisfies Record<string, Record<SigningAlgorithmType, string>>;

const RSASSA_PSS = '1.2.840.113549.1.1.10';

const KNOWN: readonly string[] = [
  ...Object.values(SIGNATURES).flatMap((byHash) => Object.values(byHash)),
  RSASSA_PSS,
];

/** Tells whether a certificate is signed by an algorithm that nobody forges: SHA-1 and older hashes are not. */
export function isKnownSignature({ signatureAlgorithmOid }: X509Certificate): boolean {
  return KNOWN.includes(signatureAlgorithmOid ?? '');
}

/** Verifies a signature of PKCS #1 v1.5 or ECDSA; one of another algorithm does not verify. */
export function verifySignature(
  { algorithm }: AlgorithmIdentifier,
  publicKey: KeyObject,
  bytes: ArrayBuffer,
  signature: ArrayBuffer,
): boolean {
  const byHash = Object.entries(SIGNATURES[publicKey.asymmetricKeyType as keyof typeof SIGNATURES] ?? {});
  const hash = byHash.find(([, identifier]) => identifier === algorithm)?.[0];
  return hash !== undefined && verify(hash, new Uint8Array(bytes), publicKey, new Uint8Array(signature));
}

const signAsync = promisify(sign);

/** A private key that signs, and the identifier of its signatures. */
export interface Signature {
  readonly identifier: AlgorithmIdentifier;
  sign(bytes: ArrayBuffer): Promise<ArrayBuffer>;
}

export function signatureOf(privateKey: KeyObject, hash: SigningAlgorithmType): Signature {
  const type = privateKey.asymmetricKeyType as keyof typeof SIGNATURES;
  // PKCS #1 has a NULL as its parameters, ECDSA none.
  const parameters = type === 'rsa' ? { parameters: null } : {};
  return {
    identifier: new AlgorithmIdentifier({ algorithm: SIGNATURES[type][hash], ...parameters }),
    async sign(bytes) {
      const signature = await signAsync(hash, new Uint8Array(bytes), privateKey);
      return Uint8Array.from(signature).buffer;
    },
  };
}
