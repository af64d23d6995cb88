import { encodeHex } from '../bytes/hex.ts';
import type { SignatureHash } from '../cipher/rsa-signature.ts';
import type { DerElement } from './der-reader.ts';
import { derElement, NULL, octetString, sequence, TAG } from './der-writer.ts';
import { Tr34Error } from './error.ts';
import type { Tr34Form } from './form.ts';
import { type ObjectName, objectIdentifier } from './object-identifier.ts';

/** An AlgorithmIdentifier (RFC 5280, section 4.1.1.2). */
function algorithm(name: ObjectName, ...parameters: readonly Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(name), ...parameters);
}

/** The two ways to say that there are no parameters; implementations differ. */
function plain(name: ObjectName): [without: Uint8Array, withNull: Uint8Array] {
  return [algorithm(name), algorithm(name, NULL)];
}

const [SHA256, SHA256_NULL] = plain('sha256');
const EMPTY_LABEL = algorithm('pSpecified', octetString(new Uint8Array()));

/** The parameters of RSAES-OAEP, with their tags as RFC 8017, A.2.1, has them, or without as the examples of TR-34. */
function oaep(
  hash: Uint8Array,
  maskHash: Uint8Array,
  label: readonly Uint8Array[],
  tagged: boolean,
): Uint8Array {
  const parameters = [hash, algorithm('mgf1', maskHash), ...label];
  return algorithm(
    'rsaesOaep',
    sequence(...(tagged ? parameters.map((part, i) => derElement(TAG.CONTEXT_0 + i, part)) : parameters)),
  );
}

/** The digest of what is signed (RFC 5754, section 2). */
export const DIGEST_ALGORITHM = SHA256;

/** RSASSA-PKCS1-v1_5; the hash is that of the digest (RFC 3370, section 3.2). */
export const SIGNATURE_ALGORITHM = algorithm('rsaEncryption', NULL);

/** RSASSA-PKCS1-v1_5 with SHA-256 of certificates and their requests (RFC 4055, section 5). */
export const CERTIFICATE_SIGNATURE_ALGORITHM = algorithm('sha256WithRsa', NULL);

/** RSAES-OAEP with SHA-256 for both. The empty label is the default, so that DER leaves it out. */
export const KEY_ENCRYPTION_ALGORITHM: Readonly<Record<Tr34Form, Uint8Array>> = {
  X9_TR34_2012: oaep(SHA256_NULL, SHA256, [EMPTY_LABEL], false),
  X9_TR34_2019_CMS: oaep(SHA256_NULL, SHA256_NULL, [], true),
};

function* keyEncryptionEncodings(): Iterable<Uint8Array> {
  for (const hash of plain('sha256')) {
    for (const maskHash of plain('sha256')) {
      for (const label of [[], [EMPTY_LABEL]]) {
        for (const tagged of [true, false]) yield oaep(hash, maskHash, label, tagged);
      }
    }
  }
}

/** What is read: every encoding that is found, and no other. */
function encodings(parts: Iterable<Uint8Array>): ReadonlySet<string> {
  return new Set(Array.from(parts, encodeHex));
}

const DIGESTS = encodings(plain('sha256'));
const SIGNATURES = encodings([...plain('rsaEncryption'), ...plain('sha256WithRsa')]);
const KEY_ENCRYPTIONS = encodings(keyEncryptionEncodings());

function assertOneOf(element: DerElement, allowed: ReadonlySet<string>, name: string, right: string): void {
  if (allowed.has(encodeHex(element.encoded))) return;
  throw new Tr34Error('ALGORITHM', `${name}, position ${element.position}, must be ${right}`);
}

export function assertDigestAlgorithm(element: DerElement): void {
  assertOneOf(element, DIGESTS, 'digest algorithm', 'SHA-256');
}

export function assertSignatureAlgorithm(element: DerElement): void {
  assertOneOf(element, SIGNATURES, 'signature algorithm', 'RSA (PKCS #1 v1.5) with SHA-256');
}

export function assertKeyEncryptionAlgorithm(element: DerElement): void {
  const right = 'RSAES-OAEP with SHA-256 and MGF1 with SHA-256';
  assertOneOf(element, KEY_ENCRYPTIONS, 'key encryption algorithm', right);
}

const SIGNATURE_HASHES = new Map<string, SignatureHash>([
  [encodeHex(plain('sha256WithRsa')[1]), 'SHA256'],
  [encodeHex(plain('sha384WithRsa')[1]), 'SHA384'],
  [encodeHex(plain('sha512WithRsa')[1]), 'SHA512'],
]);

/** The hash of an authority's signature; `undefined` when it is not RSA (PKCS #1 v1.5) with one of SHA-2. */
export function readSignatureHash(element: DerElement): SignatureHash | undefined {
  return SIGNATURE_HASHES.get(encodeHex(element.encoded));
}
