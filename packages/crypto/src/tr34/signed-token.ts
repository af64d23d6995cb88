import { assertTrusted, type Certificate, readCertificate } from './certificate.ts';
import { Tr34Error } from './error.ts';
import type { ObjectName } from './object-identifier.ts';
import { checkPass } from './pass.ts';
import { readToken, type SignedData, verifySignedData } from './signed-data.ts';

/** What a token of the key distribution host is checked against. */
export interface KdhTokenOptions {
  /** DER. */
  token: Uint8Array;
  /** The certificate of the key distribution host that the device is bound to, X.509 in DER. */
  kdhCertificate: Uint8Array;
  /**
   * The certificate of the host's authority. When it is given, the host's certificate must be issued by it, and must not be
   * revoked in the list that comes with the token. Else the caller has made sure of `kdhCertificate` in another way.
   */
  kdhIssuer?: Uint8Array;
  /** The random number that was sent, 8 to 16 bytes: the token is of two passes. Without it, it must be of one pass. */
  expectedNonce?: Uint8Array;
  now: Date;
}

/** The one revocation list that may come with a token. */
export function onlyCrl({ crls }: SignedData): Uint8Array | undefined {
  if (crls.length <= 1) return crls[0];
  throw new Tr34Error('STRUCTURE', `a token has at most one revocation list, this one has ${crls.length}`);
}

/**
 * The revocation list that came with a token (DER), if any, for a device that keeps the latest one. It is not verified here:
 * opening the token does that.
 *
 * @throws Tr34Error `DER` or `STRUCTURE`
 */
export function crlOfToken(token: Uint8Array): Uint8Array | undefined {
  const crl = onlyCrl(readToken(token));
  return crl && Uint8Array.from(crl);
}

export interface VerifiedToken {
  signedData: SignedData;
  signer: Certificate;
  time: Date | undefined;
}

/** Reads a token of the host and checks everything but what is signed. */
export function openKdhToken(o: KdhTokenOptions, contentType: ObjectName): VerifiedToken {
  const signedData = readToken(o.token, contentType);
  const signer = readCertificate(o.kdhCertificate, 'KDH certificate');
  verifySignedData(signedData, signer);
  assertTrusted(signer, { now: o.now, issuer: o.kdhIssuer, crl: onlyCrl(signedData) });
  const time = checkPass(signedData.signer?.attributes, o.expectedNonce, o.now);
  return { signedData, signer, time };
}

/** Reads a token of the device's certificate authority and checks its certificate and its signature. */
export function openCaToken(
  o: { token: Uint8Array; caCertificate: Uint8Array; now: Date },
  contentType: ObjectName,
): SignedData {
  const signedData = readToken(o.token, contentType);
  const signer = readCertificate(o.caCertificate, 'CA certificate');
  verifySignedData(signedData, signer);
  assertTrusted(signer, { now: o.now });
  return signedData;
}
