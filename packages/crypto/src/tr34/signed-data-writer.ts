import { signPkcs1 } from '../cipher/rsa-signature.ts';
import { DIGEST_ALGORITHM, SIGNATURE_ALGORITHM } from './algorithm.ts';
import { attribute, attributeSet, taggedAttributes } from './attributes.ts';
import { type KeyPairOwner, readKeyPair } from './certificate.ts';
import { readCrl } from './crl.ts';
import { derElement, octetString, sequence, set, smallInteger, TAG } from './der-writer.ts';
import type { Tr34Form } from './form.ts';
import { type ObjectName, objectIdentifier } from './object-identifier.ts';
import { sha256 } from './signed-data.ts';

/** Signs a content; without attributes when there are none given, not even an empty list. */
function writeSignerInfo(o: {
  form: Tr34Form;
  signer: KeyPairOwner;
  signerName: string;
  contentType: ObjectName;
  content: Uint8Array;
  attributes: readonly Uint8Array[] | undefined;
}): Uint8Array {
  const { id } = readKeyPair(o.signer, o.signerName);
  const type = attribute('contentType', objectIdentifier(o.contentType));
  const digest = attribute('messageDigest', octetString(sha256(o.content)));
  const attributes = o.attributes && attributeSet(o.form, [type, ...o.attributes, digest]);
  return sequence(
    smallInteger(1),
    id,
    DIGEST_ALGORITHM,
    ...(attributes ? [taggedAttributes(attributes)] : []),
    SIGNATURE_ALGORITHM,
    octetString(signPkcs1(o.signer.privateKey, 'SHA256', attributes ?? o.content)),
  );
}

/** The fields of SignedData, one after the other, without the SEQUENCE around them. */
export interface SignedDataFields {
  form: Tr34Form;
  contentType: ObjectName;
  content: Uint8Array;
  /** Besides content type and message digest, which are always there; `undefined`: the content itself is signed. */
  attributes?: readonly Uint8Array[] | undefined;
  certificate?: Uint8Array | undefined;
  crl?: Uint8Array | undefined;
  signer?: KeyPairOwner | undefined;
  /** For messages: `KDH certificate`. */
  signerName?: string;
}

export function writeSignedData(o: SignedDataFields): Uint8Array[] {
  const { form, contentType, content, signer, signerName = 'certificate', attributes } = o;
  // RFC 5652, section 5.1: 3 when what is encapsulated is not plain data.
  const version = form === 'X9_TR34_2019_CMS' && contentType !== 'data' ? 3 : 1;
  return [
    smallInteger(version),
    set(...(signer ? [DIGEST_ALGORITHM] : [])),
    sequence(objectIdentifier(contentType), derElement(TAG.CONTEXT_0, octetString(content))),
    ...(o.certificate ? [derElement(TAG.CONTEXT_0, o.certificate)] : []),
    ...(o.crl ? [derElement(TAG.CONTEXT_1, readCrl(o.crl).encoded)] : []),
    set(...(signer ? [writeSignerInfo({ form, signer, signerName, contentType, content, attributes })] : [])),
  ];
}

/** A token: ContentInfo with SignedData in it. */
export function writeToken(o: SignedDataFields): Uint8Array {
  const explicit = derElement(TAG.CONTEXT_0, sequence(...writeSignedData(o)));
  return sequence(objectIdentifier('signedData'), explicit);
}
