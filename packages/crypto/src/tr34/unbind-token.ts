import { concat } from '../bytes/bytes.ts';
import type { KeyPairOwner } from './certificate.ts';
import type { Tr34Form } from './form.ts';
import { checkKrd, checkParties, kdhId, krdId, type Parties } from './parties.ts';
import { nonceAttribute } from './pass.ts';
import { writeToken } from './signed-data-writer.ts';
import { type KdhTokenOptions, openCaToken, openKdhToken } from './signed-token.ts';

/**
 * Makes an unbind token (TR-34, UBT_KDH): the host releases the device, which is then bound to no host.
 *
 * @param o.nonce the device's random number, 8 to 16 bytes
 * @param o.crl revocation list of the host's authority, in DER
 * @param o.form `X9_TR34_2012` unless given
 * @returns the token in DER
 * @throws Tr34Error `KEY_PAIR`, `CERTIFICATE`, `CRL`, `STRUCTURE` or `DER`
 */
export function createUnbindToken(o: {
  kdh: KeyPairOwner;
  krdCertificate: Uint8Array;
  nonce: Uint8Array;
  crl?: Uint8Array;
  form?: Tr34Form;
}): Uint8Array {
  return writeToken({
    form: o.form ?? 'X9_TR34_2012',
    contentType: 'data',
    content: krdId(o.krdCertificate),
    attributes: [nonceAttribute(o.nonce)],
    crl: o.crl,
    signer: o.kdh,
    signerName: 'KDH certificate',
  });
}

/**
 * Opens an unbind token of the host that the device is bound to. When it returns, the device may forget the host.
 *
 * @throws Tr34Error with the reason
 */
export function openUnbindToken(
  o: KdhTokenOptions & { expectedNonce: Uint8Array; krdCertificate: Uint8Array },
): void {
  checkKrd(openKdhToken(o, 'data').signedData.content, o.krdCertificate);
}

/**
 * Makes an unbind token of the device's certificate authority (TR-34, UBT_CA_UNBIND), for when the host can't release the device.
 * It has neither random number nor time: it stays good for as long as the device is bound to that host.
 *
 * @returns the token in DER
 * @throws Tr34Error `KEY_PAIR`, `CERTIFICATE` or `DER`
 */
export function createCaUnbindToken(o: Parties & { ca: KeyPairOwner }): Uint8Array {
  return writeToken({
    form: 'X9_TR34_2012',
    contentType: 'data',
    content: concat(krdId(o.krdCertificate), kdhId(o.kdhCertificate)),
    signer: o.ca,
    signerName: 'CA certificate',
  });
}

/**
 * Opens an unbind token of the device's certificate authority. When it returns, the device may forget the host.
 *
 * @throws Tr34Error with the reason
 */
export function openCaUnbindToken(
  o: Parties & { token: Uint8Array; caCertificate: Uint8Array; now: Date },
): void {
  checkParties(openCaToken(o, 'data').content, o);
}
