import { equal } from '../bytes/bytes.ts';
import { readCertificate } from './certificate.ts';
import type { DerElement } from './der-reader.ts';
import { TAG } from './der-writer.ts';
import { Tr34Error } from './error.ts';
import { readContent } from './form.ts';

/** The certificates of the parties that an unbind or rebind token is about, X.509 in DER. */
export interface Parties {
  /** Of the key receiving device. */
  krdCertificate: Uint8Array;
  /** Of the key distribution host that the device is bound to. */
  kdhCertificate: Uint8Array;
}

export function krdId(certificate: Uint8Array): Uint8Array {
  return readCertificate(certificate, 'KRD certificate').id;
}

export function kdhId(certificate: Uint8Array): Uint8Array {
  return readCertificate(certificate, 'KDH certificate').id;
}

/** The identifiers that a token is about. Two of them follow one another in the examples, and stand in a SEQUENCE in the text. */
function readIds(content: DerElement, count: number): Uint8Array[] {
  const elements = readContent(content);
  const ids = count > 1 && elements.length === 1 ? elements[0]!.children : elements;
  if (ids.length === count && ids.every(({ tag }) => tag === TAG.SEQUENCE))
    return ids.map(({ encoded }) => encoded);
  throw new Tr34Error(
    'STRUCTURE',
    `content, position ${content.position}: ${count} issuer and serial number expected`,
  );
}

function assertKrd(id: Uint8Array, certificate: Uint8Array): void {
  if (equal(id, krdId(certificate))) return;
  throw new Tr34Error(
    'RECIPIENT',
    'the token is meant for another device than the owner of the KRD certificate',
  );
}

/** A token of the host names the device. */
export function checkKrd(content: DerElement, certificate: Uint8Array): void {
  assertKrd(readIds(content, 1)[0]!, certificate);
}

/** A token of the device's authority names the device and the host that it is bound to. */
export function checkParties(content: DerElement, { krdCertificate, kdhCertificate }: Parties): void {
  const [krd, kdh] = readIds(content, 2);
  assertKrd(krd!, krdCertificate);
  if (equal(kdh!, kdhId(kdhCertificate))) return;
  throw new Tr34Error('OTHER_KDH', 'the token is about another host than the owner of the KDH certificate');
}
