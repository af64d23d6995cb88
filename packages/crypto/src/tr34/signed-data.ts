import { createHash } from 'node:crypto';
import { equal } from '../bytes/bytes.ts';
import { verifyPkcs1 } from '../cipher/rsa-signature.ts';
import { assertDigestAlgorithm, assertSignatureAlgorithm } from './algorithm.ts';
import { SignedAttributes } from './attributes.ts';
import type { Certificate } from './certificate.ts';
import { type DerElement, readDer } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';
import { nameObject, type ObjectName } from './object-identifier.ts';

/** Versions of SignedData and SignerInfo: 1 and 3 of CMS, 73 of ANSI X9.73, which some hosts write. */
const VERSIONS = [1, 3, 73];

interface SignerInfo {
  /** IssuerAndSerialNumber of the signer's certificate. */
  readonly id: Uint8Array;
  readonly attributes: SignedAttributes | undefined;
  readonly signature: Uint8Array;
}

/** SignedData (RFC 5652, section 5.1) of at most one signer, taken apart; nothing of it verified yet. */
export interface SignedData {
  readonly contentType: ObjectName;
  /** The OCTET STRING that is signed. */
  readonly content: DerElement;
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly signer: SignerInfo | undefined;
}

/** The digest of what is signed. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** Takes a version number, which must be one of these. */
export function takeVersion(fields: ElementReader, name: string, versions: readonly number[]): void {
  const { content, position } = fields.take(TAG.INTEGER, 'the version');
  if (content.length === 1 && versions.includes(content[0]!)) return;
  throw new Tr34Error(
    'STRUCTURE',
    `${name}, position ${position}: version ${versions.join(' or ')} expected`,
  );
}

function readEncapsulated(element: DerElement): Pick<SignedData, 'contentType' | 'content'> {
  const fields = new ElementReader(element, 'encapsulated content');
  const type = fields.take(TAG.OBJECT_IDENTIFIER, 'the content type');
  const contentType = nameObject(type);
  if (contentType === undefined) {
    throw new Tr34Error('STRUCTURE', `encapsulated content, position ${type.position}: unknown content type`);
  }
  const explicit = new ElementReader(fields.take(TAG.CONTEXT_0, 'the content'), 'encapsulated content');
  const content = explicit.take(TAG.OCTET_STRING, 'the content');
  explicit.finish();
  fields.finish();
  return { contentType, content };
}

function readSignerInfo(element: DerElement): SignerInfo {
  const fields = ElementReader.ofSequence(element, 'SignerInfo');
  takeVersion(fields, 'SignerInfo', VERSIONS);
  const id = fields.take(TAG.SEQUENCE, 'issuer and serial number').encoded;
  assertDigestAlgorithm(fields.take(TAG.SEQUENCE, 'the digest algorithm'));
  const attributes = fields.takeOptional(TAG.CONTEXT_0);
  assertSignatureAlgorithm(fields.take(TAG.SEQUENCE, 'the signature algorithm'));
  const signature = fields.take(TAG.OCTET_STRING, 'the signature').content;
  fields.takeOptional(TAG.CONTEXT_1);
  fields.finish();
  return { id, attributes: attributes && new SignedAttributes(attributes), signature };
}

function readSigner(signers: DerElement): SignerInfo | undefined {
  if (signers.children.length > 1) {
    const message = `SignedData, position ${signers.position}: one signer expected, got ${signers.children.length}`;
    throw new Tr34Error('STRUCTURE', message);
  }
  const [signer] = signers.children;
  return signer && readSignerInfo(signer);
}

function encodings(elements: DerElement | undefined): Uint8Array[] {
  return elements?.children.map((child) => child.encoded) ?? [];
}

/** Reads the fields of SignedData out of the element around them. */
export function readSignedData(parent: DerElement): SignedData {
  const fields = new ElementReader(parent, 'SignedData');
  takeVersion(fields, 'SignedData', VERSIONS);
  const digests = fields.take(TAG.SET, 'the digest algorithms');
  for (const digest of digests.children) assertDigestAlgorithm(digest);
  const encapsulated = readEncapsulated(fields.take(TAG.SEQUENCE, 'the encapsulated content'));
  const certificates = encodings(fields.takeOptional(TAG.CONTEXT_0));
  const crls = fields.takeOptional(TAG.CONTEXT_1);
  const signer = readSigner(fields.take(TAG.SET, 'the signers'));
  // The credential token that TR-34 itself has as an example (B.6) has its revocation list here.
  const crlsAtTheEnd = crls ?? fields.takeOptional(TAG.CONTEXT_1);
  fields.finish();
  return { ...encapsulated, certificates, crls: encodings(crlsAtTheEnd), signer };
}

/**
 * Reads a token: ContentInfo (RFC 5652, section 3) with SignedData in it, of any content unless a type is given.
 *
 * @throws Tr34Error `DER`, `STRUCTURE` or `ALGORITHM`
 */
export function readToken(token: Uint8Array, contentType?: ObjectName): SignedData {
  const fields = ElementReader.ofSequence(readDer(token), 'token');
  const type = nameObject(fields.take(TAG.OBJECT_IDENTIFIER, 'the content type'));
  const explicit = new ElementReader(fields.take(TAG.CONTEXT_0, 'the content'), 'token');
  const body = explicit.take(TAG.SEQUENCE, 'SignedData');
  explicit.finish();
  fields.finish();
  if (type !== 'signedData') throw new Tr34Error('STRUCTURE', 'a token must be SignedData');
  const signedData = readSignedData(body);
  if (contentType === undefined || signedData.contentType === contentType) return signedData;
  const message = `this kind of token has content of type ${contentType}, this one has ${signedData.contentType}`;
  throw new Tr34Error('STRUCTURE', message);
}

/** What is signed: the attributes, when their digest is that of the content, or else the content itself. */
function signedBytes({ contentType, content, signer }: SignedData): Uint8Array | undefined {
  const attributes = signer?.attributes;
  if (attributes === undefined) return contentType === 'data' ? content.content : undefined;
  const type = attributes.get('contentType', TAG.OBJECT_IDENTIFIER);
  const digest = attributes.get('messageDigest', TAG.OCTET_STRING);
  const matches = type !== undefined && nameObject(type) === contentType && digest !== undefined;
  return matches && equal(digest.content, sha256(content.content)) ? attributes.encoded : undefined;
}

/**
 * Verifies that the token was signed with the key of the certificate (RFC 5652, sections 5.4 and 5.6).
 *
 * @throws Tr34Error `SIGNER` or `SIGNATURE`
 */
export function verifySignedData(signedData: SignedData, certificate: Certificate): void {
  const { signer } = signedData;
  if (signer === undefined) throw new Tr34Error('SIGNATURE', 'the token is not signed');
  if (!equal(signer.id, certificate.id)) {
    throw new Tr34Error('SIGNER', `the token was not signed by the owner of the ${certificate.name}`);
  }
  const signed = signedBytes(signedData);
  if (signed !== undefined && verifyPkcs1(certificate.x509.publicKey, 'SHA256', signed, signer.signature))
    return;
  throw new Tr34Error(
    'SIGNATURE',
    `the signature is not that of the owner of the ${certificate.name} over this token`,
  );
}
