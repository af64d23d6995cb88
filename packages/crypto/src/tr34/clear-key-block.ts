import { Secret } from '../bytes/secret.ts';
import { attribute, readAttribute } from './attributes.ts';
import { readDer } from './der-reader.ts';
import { octetString, sequence, smallInteger, TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';
import { takeVersion } from './signed-data.ts';

/** What is encrypted: the key, bound to its header and to the one who encrypted it. */
export interface ClearKeyBlock {
  /** IssuerAndSerialNumber of the certificate of the key distribution host. */
  readonly kdhId: Uint8Array;
  readonly key: Secret;
  /** Key block header, printable ASCII. */
  readonly header: Uint8Array;
}

/** The examples of TR-34 have version 1, its ASN.1 module has 0. */
const VERSION = 1;
const VERSIONS = [0, VERSION];

/** Writes a key block. The caller wipes the result. */
export function writeClearKeyBlock({ kdhId, key, header }: ClearKeyBlock): Uint8Array {
  const clearKey = key.expose(octetString);
  const block = sequence(smallInteger(VERSION), kdhId, clearKey, attribute('data', octetString(header)));
  clearKey.fill(0);
  return block;
}

/**
 * Reads a key block; the result holds nothing of `bytes`.
 *
 * @throws Tr34Error `DER` or `STRUCTURE`
 */
export function readClearKeyBlock(bytes: Uint8Array): ClearKeyBlock {
  const fields = ElementReader.ofSequence(readDer(bytes), 'key block');
  takeVersion(fields, 'key block', VERSIONS);
  const kdhId = Uint8Array.from(fields.take(TAG.SEQUENCE, 'issuer and serial number').encoded);
  const key = fields.take(TAG.OCTET_STRING, 'the key').content;
  const { type, value } = readAttribute(fields.take(TAG.SEQUENCE, 'the key block header'));
  fields.finish();
  if (type !== 'data' || value.tag !== TAG.OCTET_STRING) {
    throw new Tr34Error('STRUCTURE', 'key block: the header must be an OCTET STRING of type data');
  }
  return { kdhId, key: Secret.copyOf(key), header: Uint8Array.from(value.content) };
}
