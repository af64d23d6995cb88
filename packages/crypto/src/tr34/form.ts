import { concat } from '../bytes/bytes.ts';
import { type DerElement, readDerElements } from './der-reader.ts';
import { sequence, TAG } from './der-writer.ts';

/**
 * How a token is written.
 * - `X9_TR34_2012`: before CMS, as AWS Payment Cryptography and most terminals have it. What is encapsulated stands without its
 *   outer SEQUENCE, signed attributes keep their order, and the encrypted key stands inside its AlgorithmIdentifier.
 * - `X9_TR34_2019_CMS`: CMS to the letter (RFC 5652), which other CMS software opens.
 */
export type Tr34Form = 'X9_TR34_2012' | 'X9_TR34_2019_CMS';

/** A structure inside an OCTET STRING: CMS has a SEQUENCE around its fields, the form of 2012 the fields alone. */
export function encapsulate(form: Tr34Form, ...fields: readonly Uint8Array[]): Uint8Array {
  return form === 'X9_TR34_2012' ? concat(...fields) : sequence(...fields);
}

/** The elements inside an OCTET STRING. */
export function readContent(octets: DerElement): DerElement[] {
  return readDerElements(octets.content, octets.position + octets.encoded.length - octets.content.length);
}

/** A structure inside an OCTET STRING, in whichever form it is. */
export function readEncapsulated(octets: DerElement): { form: Tr34Form; structure: DerElement } {
  const children = readContent(octets);
  const [only] = children;
  if (children.length === 1 && only?.tag === TAG.SEQUENCE)
    return { form: 'X9_TR34_2019_CMS', structure: only };
  return { form: 'X9_TR34_2012', structure: { ...octets, children } };
}
