import { createPublicKey, type KeyObject } from 'node:crypto';
import { encodeAscii } from '../bytes/ascii.ts';
import { signPkcs1 } from '../cipher/rsa-signature.ts';
import { CERTIFICATE_SIGNATURE_ALGORITHM } from './algorithm.ts';
import { bitString, derElement, sequence, set, smallInteger, TAG } from './der-writer.ts';
import { objectIdentifier } from './object-identifier.ts';

/** A name of one attribute (RFC 5280, section 4.1.2.4). */
function nameOf(commonName: string): Uint8Array {
  const value = derElement(TAG.UTF8_STRING, encodeAscii(commonName, 'common name'));
  return sequence(set(sequence(objectIdentifier('commonName'), value)));
}

/**
 * Makes a key receiving device's request for a certificate (PKCS #10, RFC 2986), signed with the key that it is for
 * (RSASSA-PKCS1-v1_5, SHA-256). It asks for no extensions: those are the authority's to choose.
 *
 * @param o.commonName printable ASCII, 1 to 64 characters: usually the serial number of the device
 * @param o.privateKey RSA
 * @returns DER
 * @throws RangeError when the name is out of range; TypeError when the key is not an RSA key
 */
export function createCertificationRequest(o: { commonName: string; privateKey: KeyObject }): Uint8Array {
  const { commonName, privateKey } = o;
  if (commonName.length < 1 || commonName.length > 64) {
    throw new RangeError(`common name must be 1 to 64 characters, got ${commonName.length}`);
  }
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const noAttributes = derElement(TAG.CONTEXT_0);
  const info = sequence(smallInteger(0), nameOf(commonName), new Uint8Array(publicKey), noAttributes);
  const signature = signPkcs1(privateKey, 'SHA256', info);
  return sequence(info, CERTIFICATE_SIGNATURE_ALGORITHM, bitString(signature));
}
