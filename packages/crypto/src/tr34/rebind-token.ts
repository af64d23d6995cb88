import { concat } from '../bytes/bytes.ts';
import { assertTrusted, type KeyPairOwner, readCertificate } from './certificate.ts';
import type { DerElement } from './der-reader.ts';
import { Tr34Error } from './error.ts';
import { encapsulate, readEncapsulated, type Tr34Form } from './form.ts';
import { checkKrd, checkParties, kdhId, krdId, type Parties } from './parties.ts';
import { checkPass, nonceAttribute, passAttribute } from './pass.ts';
import { readSignedData, type SignedData } from './signed-data.ts';
import { writeSignedData, writeToken } from './signed-data-writer.ts';
import { type KdhTokenOptions, onlyCrl, openCaToken, openKdhToken } from './signed-token.ts';

/** SignedData without a signer, which says who is concerned and holds the certificate of the new host. */
function writeNewKdh(form: Tr34Form, ids: Uint8Array, newKdhCertificate: Uint8Array): Uint8Array {
  readCertificate(newKdhCertificate, 'certificate of the new KDH');
  const fields = writeSignedData({ form, contentType: 'data', content: ids, certificate: newKdhCertificate });
  return encapsulate(form, ...fields);
}

function readNewKdh(content: DerElement): { ids: DerElement; certificate: Uint8Array } {
  const inner = readSignedData(readEncapsulated(content).structure);
  const [certificate, second] = inner.certificates;
  if (certificate !== undefined && second === undefined && inner.contentType === 'data' && !inner.signer) {
    return { ids: inner.content, certificate: Uint8Array.from(certificate) };
  }
  throw new Tr34Error(
    'STRUCTURE',
    'a rebind token holds one certificate, that of the new host, without another signer',
  );
}

/** The host that the device is to be bound to. */
export interface NewBinding {
  /** X.509, in DER. */
  kdhCertificate: Uint8Array;
  /** When the token was signed, if it says so. */
  time?: Date;
}

function checkNewKdh(
  certificate: Uint8Array,
  o: { now: Date; kdhIssuer?: Uint8Array },
  outer: SignedData,
): void {
  const trust = { now: o.now, issuer: o.kdhIssuer, crl: onlyCrl(outer) };
  assertTrusted(readCertificate(certificate, 'certificate of the new KDH'), trust);
}

/**
 * Makes a rebind token (TR-34, RBT_KDH): the host hands the device over to a new host, or to its own new certificate.
 *
 * @param o.kdh the host that the device is bound to
 * @param o.newKdhCertificate X.509, in DER
 * @param o.nonce the device's random number, 8 to 16 bytes
 * @param o.crl revocation list of the hosts' authority, in DER
 * @param o.form `X9_TR34_2012` unless given
 * @returns the token in DER
 * @throws Tr34Error `KEY_PAIR`, `CERTIFICATE`, `CRL`, `STRUCTURE` or `DER`
 */
export function createRebindToken(o: {
  kdh: KeyPairOwner;
  krdCertificate: Uint8Array;
  newKdhCertificate: Uint8Array;
  nonce: Uint8Array;
  crl?: Uint8Array;
  form?: Tr34Form;
}): Uint8Array {
  const { form = 'X9_TR34_2012' } = o;
  return writeToken({
    form,
    contentType: 'signedData',
    content: writeNewKdh(form, krdId(o.krdCertificate), o.newKdhCertificate),
    attributes: [nonceAttribute(o.nonce)],
    crl: o.crl,
    signer: o.kdh,
    signerName: 'KDH certificate',
  });
}

/**
 * Opens a rebind token of the host that the device is bound to. With `kdhIssuer`, the new certificate is checked against that
 * authority and the revocation list of the token, as the old one is.
 *
 * @throws Tr34Error with the reason
 */
export function openRebindToken(
  o: KdhTokenOptions & { expectedNonce: Uint8Array; krdCertificate: Uint8Array },
): NewBinding {
  const { signedData } = openKdhToken(o, 'signedData');
  const { ids, certificate } = readNewKdh(signedData.content);
  checkKrd(ids, o.krdCertificate);
  checkNewKdh(certificate, o, signedData);
  return { kdhCertificate: certificate };
}

/**
 * Makes a rebind token of the device's certificate authority (TR-34, RBT_CA_UNBIND), for when the old host can't hand the device
 * over.
 *
 * @param o.kdhCertificate of the host that the device is bound to
 * @param o.newKdhCertificate of the host that it is to be bound to
 * @param o.time of signing
 * @returns the token in DER
 * @throws Tr34Error `KEY_PAIR`, `CERTIFICATE` or `DER`
 */
export function createCaRebindToken(
  o: Parties & { ca: KeyPairOwner; newKdhCertificate: Uint8Array; time: Date; form?: Tr34Form },
): Uint8Array {
  const { form = 'X9_TR34_2012' } = o;
  const ids = concat(krdId(o.krdCertificate), kdhId(o.kdhCertificate));
  return writeToken({
    form,
    contentType: 'signedData',
    content: writeNewKdh(form, ids, o.newKdhCertificate),
    attributes: [passAttribute({ time: o.time })],
    signer: o.ca,
    signerName: 'CA certificate',
  });
}

/**
 * Opens a rebind token of the device's certificate authority.
 *
 * @param o.kdhIssuer certificate of the authority that must have issued the new host's certificate
 * @throws Tr34Error with the reason
 */
export function openCaRebindToken(
  o: Parties & { token: Uint8Array; caCertificate: Uint8Array; kdhIssuer?: Uint8Array; now: Date },
): NewBinding {
  const signedData = openCaToken(o, 'signedData');
  const time = checkPass(signedData.signer?.attributes, undefined, o.now);
  const { ids, certificate } = readNewKdh(signedData.content);
  checkParties(ids, o);
  checkNewKdh(certificate, o, signedData);
  return { kdhCertificate: certificate, ...(time && { time }) };
}
