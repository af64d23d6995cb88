import { encodeAscii } from '../bytes/ascii.ts';
import type { Secret } from '../bytes/secret.ts';
import { type RandomSource, randomBytes } from '../cipher/random.ts';
import { encryptOaep } from '../cipher/rsa.ts';
import { attribute } from './attributes.ts';
import { type KeyPairOwner, readCertificate, readKeyPair } from './certificate.ts';
import { writeClearKeyBlock } from './clear-key-block.ts';
import { type ContentCipher, encryptContent, newEphemeralKey, newIv } from './content-cipher.ts';
import { octetString } from './der-writer.ts';
import { writeEnvelope } from './envelope.ts';
import type { Tr34Form } from './form.ts';
import { assertKeyLength, readHeader } from './key-header.ts';
import { type Pass, passAttribute } from './pass.ts';
import { writeToken } from './signed-data-writer.ts';

export interface KeyTokenOptions {
  key: Secret;
  /** The 16 characters of a key block header, such as `D0000K0TB00E0000`; version and length mean nothing here. */
  header: string;
  /** The key distribution host, which signs. */
  kdh: KeyPairOwner;
  /** The key receiving device: its certificate, X.509 in DER. `checkCertificate` looks whether it is in force. */
  krdCertificate: Uint8Array;
  contentCipher: ContentCipher;
  /** The device's random number, 8 to 16 bytes, for two passes, or the time of signing for one. */
  pass: Pass;
  /** Revocation list of the authority that issued the host's certificate, in DER. */
  crl?: Uint8Array;
  /** `X9_TR34_2012` unless given. */
  form?: Tr34Form;
  /** The operating system's unless given. Asked for the ephemeral key, then for the IV. OAEP's seed is always the system's. */
  random?: RandomSource;
}

function sealKey(o: KeyTokenOptions, kdhId: Uint8Array, form: Tr34Form, header: Uint8Array): Uint8Array {
  const { contentCipher, random = randomBytes } = o;
  const krd = readCertificate(o.krdCertificate, 'KRD certificate');
  using ephemeral = newEphemeralKey(contentCipher, random);
  const iv = newIv(contentCipher, random);
  const clear = writeClearKeyBlock({ kdhId, key: o.key, header });
  const encrypted = encryptContent(contentCipher, ephemeral, iv, clear);
  clear.fill(0);
  const encryptedKey = encryptOaep(krd.x509.publicKey, 'SHA256', ephemeral);
  return writeEnvelope({ form, recipientId: krd.id, encryptedKey, contentCipher, iv, encrypted });
}

/**
 * Makes a key token (TR-34, KT): the key under an ephemeral key, that one under the device's RSA key (RSAES-OAEP, SHA-256), all
 * of it signed by the host (RSASSA-PKCS1-v1_5, SHA-256).
 *
 * @returns the token in DER
 * @throws Tr34Error `HEADER`, `KEY_LENGTH`, `KEY_PAIR`, `CERTIFICATE`, `CRL`, `STRUCTURE` or `DER`
 * @throws RangeError when the random number or the time is out of range
 */
export function createKeyToken(o: KeyTokenOptions): Uint8Array {
  const { form = 'X9_TR34_2012' } = o;
  assertKeyLength(readHeader(o.header), o.key);
  const header = encodeAscii(o.header);
  const attributes = [passAttribute(o.pass), attribute('data', octetString(header))];
  const content = sealKey(o, readKeyPair(o.kdh, 'KDH certificate').id, form, header);
  return writeToken({
    form,
    contentType: 'envelopedData',
    content,
    attributes,
    crl: o.crl,
    signer: o.kdh,
    signerName: 'KDH certificate',
  });
}
