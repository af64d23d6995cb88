import { assertKeyEncryptionAlgorithm, KEY_ENCRYPTION_ALGORITHM } from './algorithm.ts';
import { CONTENT_CIPHERS, type ContentCipher, readContentCipher } from './content-cipher.ts';
import type { DerElement } from './der-reader.ts';
import { derElement, octetString, sequence, set, smallInteger, TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';
import { encapsulate, readEncapsulated, type Tr34Form } from './form.ts';
import { nameObject, objectIdentifier } from './object-identifier.ts';
import { takeVersion } from './signed-data.ts';

/** EnvelopedData (RFC 5652, section 6.1) for one recipient. */
export interface Envelope {
  readonly form: Tr34Form;
  /** IssuerAndSerialNumber of the recipient's certificate. */
  readonly recipientId: Uint8Array;
  /** The ephemeral key under the recipient's RSA key. */
  readonly encryptedKey: Uint8Array;
  readonly contentCipher: ContentCipher;
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** The content that is signed: EnvelopedData, in the form of 2012 without the SEQUENCE around it. */
export function writeEnvelope(envelope: Envelope): Uint8Array {
  const { form, recipientId, encryptedKey, contentCipher, iv, encrypted } = envelope;
  const recipient = sequence(
    smallInteger(0),
    recipientId,
    KEY_ENCRYPTION_ALGORITHM[form],
    octetString(encryptedKey),
  );
  const algorithm = [objectIdentifier(CONTENT_CIPHERS[contentCipher].object), octetString(iv)];
  const content = derElement(TAG.CONTEXT_0_PRIMITIVE, encrypted);
  const fields = [smallInteger(0), set(recipient)];
  // The examples of 2012 have the encrypted content one level too deep, and so have the implementations.
  if (form === 'X9_TR34_2012') {
    return encapsulate(form, ...fields, sequence(objectIdentifier('data'), sequence(...algorithm, content)));
  }
  return encapsulate(form, ...fields, sequence(objectIdentifier('data'), sequence(...algorithm), content));
}

function readRecipient(set: DerElement): Pick<Envelope, 'recipientId' | 'encryptedKey'> {
  const recipients = new ElementReader(set, 'recipients');
  const fields = new ElementReader(recipients.take(TAG.SEQUENCE, 'a recipient'), 'recipient');
  recipients.finish();
  takeVersion(fields, 'recipient', [0]);
  const recipientId = fields.take(TAG.SEQUENCE, 'issuer and serial number').encoded;
  assertKeyEncryptionAlgorithm(fields.take(TAG.SEQUENCE, 'the key encryption algorithm'));
  const encryptedKey = fields.take(TAG.OCTET_STRING, 'the encrypted key').content;
  fields.finish();
  return { recipientId, encryptedKey };
}

type EncryptedContent = Pick<Envelope, 'contentCipher' | 'iv' | 'encrypted'>;

function assertLengths({ contentCipher, iv, encrypted }: EncryptedContent, position: number): void {
  const { blockLength } = CONTENT_CIPHERS[contentCipher];
  if (iv.length === blockLength && encrypted.length > 0 && encrypted.length % blockLength === 0) return;
  const right = `an IV of ${blockLength} bytes and content in whole blocks of ${blockLength} bytes`;
  const got = `an IV of ${iv.length} and content of ${encrypted.length}`;
  throw new Tr34Error('STRUCTURE', `encrypted content, position ${position}: ${right} expected, got ${got}`);
}

function readEncryptedContent(element: DerElement): EncryptedContent {
  const fields = new ElementReader(element, 'encrypted content');
  const type = fields.take(TAG.OBJECT_IDENTIFIER, 'the content type');
  if (nameObject(type) !== 'data') {
    throw new Tr34Error(
      'STRUCTURE',
      `encrypted content, position ${type.position}: the content must be data`,
    );
  }
  const algorithm = new ElementReader(fields.take(TAG.SEQUENCE, 'the content cipher'), 'content cipher');
  const contentCipher = readContentCipher(algorithm.take(TAG.OBJECT_IDENTIFIER, 'an object identifier'));
  const iv = algorithm.take(TAG.OCTET_STRING, 'the IV').content;
  const inside = algorithm.takeOptional(TAG.CONTEXT_0_PRIMITIVE);
  const { content: encrypted } = inside ?? fields.take(TAG.CONTEXT_0_PRIMITIVE, 'the content');
  algorithm.finish();
  fields.finish();
  assertLengths({ contentCipher, iv, encrypted }, element.position);
  return { contentCipher, iv, encrypted };
}

/**
 * Reads an envelope in either form. The encrypted content is read in either of its two places, since both forms are
 * found with both.
 *
 * @throws Tr34Error `DER`, `STRUCTURE` or `ALGORITHM`
 */
export function readEnvelope(content: DerElement): Envelope {
  const { form, structure } = readEncapsulated(content);
  const fields = new ElementReader(structure, 'EnvelopedData');
  takeVersion(fields, 'EnvelopedData', [0, 2]);
  const recipient = readRecipient(fields.take(TAG.SET, 'the recipients'));
  const encrypted = readEncryptedContent(fields.take(TAG.SEQUENCE, 'the encrypted content'));
  fields.finish();
  return { form, ...recipient, ...encrypted };
}
