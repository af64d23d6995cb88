import { decodeHex, encodeHex } from '../bytes/hex.ts';
import type { DerElement } from './der-reader.ts';
import { derElement, TAG } from './der-writer.ts';

/** Content octets of the object identifiers in TR-34 tokens and requests (RFC 5652, 2985, 8017, 3565, 8018, 5280). */
const OBJECT_IDENTIFIERS = {
  commonName: '550403',
  data: '2A864886F70D010701',
  signedData: '2A864886F70D010702',
  envelopedData: '2A864886F70D010703',
  contentType: '2A864886F70D010903',
  messageDigest: '2A864886F70D010904',
  signingTime: '2A864886F70D010905',
  randomNonce: '2A864886F70D01091903',
  sha256: '608648016503040201',
  rsaEncryption: '2A864886F70D010101',
  rsaesOaep: '2A864886F70D010107',
  mgf1: '2A864886F70D010108',
  pSpecified: '2A864886F70D010109',
  sha256WithRsa: '2A864886F70D01010B',
  sha384WithRsa: '2A864886F70D01010C',
  sha512WithRsa: '2A864886F70D01010D',
  desEde3Cbc: '2A864886F70D0307',
  aes128Cbc: '608648016503040102',
  aes256Cbc: '60864801650304012A',
} as const;

export type ObjectName = keyof typeof OBJECT_IDENTIFIERS;

const NAMES = new Map<string, ObjectName>(
  Object.entries(OBJECT_IDENTIFIERS).map(([name, digits]) => [digits, name as ObjectName]),
);

export function objectIdentifier(name: ObjectName): Uint8Array {
  return derElement(TAG.OBJECT_IDENTIFIER, decodeHex(OBJECT_IDENTIFIERS[name]));
}

/** The name of an OBJECT IDENTIFIER element; `undefined` for one that TR-34 does not use. */
export function nameObject(element: DerElement): ObjectName | undefined {
  return NAMES.get(encodeHex(element.content));
}
