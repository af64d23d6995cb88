import type { X509Certificate } from 'node:crypto';
import { equal } from '../bytes/bytes.ts';
import { type SignatureHash, verifyPkcs1 } from '../cipher/rsa-signature.ts';
import { readSignatureHash } from './algorithm.ts';
import { type DerElement, readDer } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';
import { decodeTime } from './time.ts';

/** A certificate revocation list (RFC 5280, section 5.1). */
interface RevocationList {
  readonly encoded: Uint8Array;
  /** What the authority signed. */
  readonly signed: Uint8Array;
  readonly hash: SignatureHash | undefined;
  readonly signature: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Serial numbers, each an INTEGER in DER. */
  readonly revoked: readonly Uint8Array[];
}

const NAME = 'certificate revocation list';

function takeTime(fields: ElementReader): Date | undefined {
  const element = fields.takeOptional(TAG.UTC_TIME) ?? fields.takeOptional(TAG.GENERALIZED_TIME);
  return element && decodeTime(element, `${NAME}: a time`);
}

function readSerials(revoked: DerElement | undefined): Uint8Array[] {
  const entries = revoked?.children ?? [];
  return entries.map(
    (entry) => ElementReader.ofSequence(entry, NAME, 'CRL').take(TAG.INTEGER, 'a serial number').encoded,
  );
}

function readFields(signed: DerElement): Pick<RevocationList, 'thisUpdate' | 'nextUpdate' | 'revoked'> {
  const fields = new ElementReader(signed, NAME, 'CRL');
  fields.takeOptional(TAG.INTEGER);
  fields.take(TAG.SEQUENCE, 'the signature algorithm');
  fields.take(TAG.SEQUENCE, 'the issuer');
  const thisUpdate = takeTime(fields);
  if (thisUpdate === undefined) throw new Tr34Error('CRL', `${NAME}: it does not say when it was issued`);
  const nextUpdate = takeTime(fields);
  const revoked = readSerials(fields.takeOptional(TAG.SEQUENCE));
  fields.takeOptional(TAG.CONTEXT_0);
  fields.finish();
  return { thisUpdate, nextUpdate, revoked };
}

/** A BIT STRING begins with the number of unused bits: none. */
function readSignature({ content, position }: DerElement): Uint8Array {
  if (content[0] === 0) return content.subarray(1);
  throw new Tr34Error('CRL', `${NAME}, position ${position}: the signature must be whole bytes`);
}

/**
 * Reads a certificate revocation list. Nothing of it is verified.
 *
 * @throws Tr34Error `DER`, `CRL` or `STRUCTURE`
 */
export function readCrl(der: Uint8Array): RevocationList {
  const list = ElementReader.ofSequence(readDer(der), NAME, 'CRL');
  const signed = list.take(TAG.SEQUENCE, 'what is signed');
  const hash = readSignatureHash(list.take(TAG.SEQUENCE, 'the signature algorithm'));
  const signature = readSignature(list.take(TAG.BIT_STRING, 'the signature'));
  list.finish();
  return { ...readFields(signed), encoded: der, signed: signed.encoded, hash, signature };
}

/**
 * Checks that the authority signed the list, and that the list is current.
 *
 * @throws Tr34Error `CRL` or `CRL_EXPIRED`
 */
export function assertCrl(
  list: RevocationList,
  authority: { x509: X509Certificate; name: string },
  now: Date,
): void {
  const authentic =
    list.hash !== undefined && verifyPkcs1(authority.x509.publicKey, list.hash, list.signed, list.signature);
  if (!authentic) throw new Tr34Error('CRL', `${NAME}: not signed by the ${authority.name}`);
  if (now < list.thisUpdate || (list.nextUpdate !== undefined && now > list.nextUpdate)) {
    const until = list.nextUpdate === undefined ? '' : ` to ${list.nextUpdate.toISOString()}`;
    throw new Tr34Error('CRL_EXPIRED', `${NAME}: it holds from ${list.thisUpdate.toISOString()}${until}`);
  }
}

/** Whether the list names a certificate. `serial` is an INTEGER in DER. */
export function isRevoked(list: RevocationList, serial: Uint8Array): boolean {
  return list.revoked.some((entry) => equal(entry, serial));
}

/**
 * When a certificate revocation list (RFC 5280, section 5.1, DER) was issued, by its own account: of two lists the later one
 * counts. Nothing of it is verified.
 *
 * @throws Tr34Error `DER`, `CRL` or `STRUCTURE`
 */
export function issueTimeOfCrl(crl: Uint8Array): Date {
  return readCrl(crl).thisUpdate;
}
