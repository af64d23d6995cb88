import { equal } from '../bytes/bytes.ts';
import type { Secret } from '../bytes/secret.ts';
import { decryptOaep, RsaDecryptionError } from '../cipher/rsa.ts';
import type { KeyBlockHeader } from '../tr31/header.ts';
import { type KeyPairOwner, readKeyPair } from './certificate.ts';
import { type ClearKeyBlock, readClearKeyBlock } from './clear-key-block.ts';
import { decryptContent } from './content-cipher.ts';
import { TAG } from './der-writer.ts';
import { type Envelope, readEnvelope } from './envelope.ts';
import { Tr34Error } from './error.ts';
import type { Tr34Form } from './form.ts';
import { assertKeyLength, readHeader } from './key-header.ts';
import { type KdhTokenOptions, openKdhToken } from './signed-token.ts';

/**
 * The one failure of decryption. A host that is trusted could send on the envelope of another host, changed and signed by itself,
 * to learn from the answers what is in it. So it learns nothing more before the host named inside is the signer.
 */
function decryptionFailed(): Tr34Error {
  return new Tr34Error(
    'DECRYPTION_FAILED',
    'the key could not be decrypted: it was encrypted for another key pair, or by another than the signer, or was changed',
  );
}

function decryptKeyBlock(
  envelope: Envelope,
  privateKey: KeyPairOwner['privateKey'],
): ClearKeyBlock | undefined {
  try {
    using key = decryptOaep(privateKey, 'SHA256', envelope.encryptedKey);
    return decryptContent({ ...envelope, name: envelope.contentCipher, key }, readClearKeyBlock);
  } catch (error) {
    if (error instanceof RsaDecryptionError || error instanceof Tr34Error) return undefined;
    throw error;
  }
}

function openEnvelope(
  envelope: Envelope,
  privateKey: KeyPairOwner['privateKey'],
  kdhId: Uint8Array,
): ClearKeyBlock {
  const opened = decryptKeyBlock(envelope, privateKey);
  if (opened === undefined) throw decryptionFailed();
  if (equal(opened.kdhId, kdhId)) return opened;
  opened.key[Symbol.dispose]();
  throw decryptionFailed();
}

/** What the key tells about itself must be what is signed. */
function checkKey({ key, header }: ClearKeyBlock, signedHeader: Uint8Array, parsed: KeyBlockHeader): void {
  if (!equal(header, signedHeader)) {
    throw new Tr34Error('HEADER_MISMATCH', 'the header encrypted with the key is not the one that is signed');
  }
  assertKeyLength(parsed, key);
}

/** A key token that was opened. */
export interface OpenedKeyToken {
  /** The caller disposes of it. */
  key: Secret;
  header: KeyBlockHeader;
  form: Tr34Form;
  /** When the token was signed, if it says so. */
  time?: Date;
}

/**
 * Opens a key token (TR-34, KT), of either form, one pass or two: verifies the signature and everything that is signed, then
 * decrypts the key, then checks that the signer is who encrypted it.
 *
 * @throws Tr34Error with the reason; `DECRYPTION_FAILED` for everything that is found by decrypting until the signer is known to
 * be who encrypted the key
 */
export function openKeyToken(o: KdhTokenOptions & { krd: KeyPairOwner }): OpenedKeyToken {
  const krd = readKeyPair(o.krd, 'KRD certificate');
  const { signedData, signer, time } = openKdhToken(o, 'envelopedData');
  const envelope = readEnvelope(signedData.content);
  if (!equal(envelope.recipientId, krd.id)) {
    throw new Tr34Error(
      'RECIPIENT',
      'the key is encrypted for another than the owner of the KRD certificate',
    );
  }
  const signedHeader = signedData.signer?.attributes?.get('data', TAG.OCTET_STRING)?.content;
  if (signedHeader === undefined)
    throw new Tr34Error('HEADER', 'the signed attributes have no key block header');
  const header = readHeader(Buffer.from(signedHeader).toString('latin1'));
  const opened = openEnvelope(envelope, o.krd.privateKey, signer.id);
  try {
    checkKey(opened, signedHeader, header);
  } catch (error) {
    opened.key[Symbol.dispose]();
    throw error;
  }
  return { key: opened.key, header, form: envelope.form, ...(time && { time }) };
}
