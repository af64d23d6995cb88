import { X509Certificate } from 'node:crypto';
import type { Secret } from '@keywright/crypto';
import type { BoundHost } from '../results.ts';

/** X.509 in DER, and the revocation list that came last. */
export interface Tr34Documents {
  readonly device?: Uint8Array;
  readonly deviceAuthority?: Uint8Array;
  readonly hostAuthority?: Uint8Array;
  /** The host that the terminal is bound to. */
  readonly host?: Uint8Array;
  readonly crl?: Uint8Array;
}

/** What a terminal keeps for TR-34. */
export interface Tr34State {
  /** Its RSA key pair, as PKCS #8. */
  readonly privateKey?: Secret;
  readonly documents: Tr34Documents;
  /** When the last token of one pass was signed, milliseconds since 1970: every later one must be newer. */
  readonly lastToken?: number;
}

export const NO_TR34: Tr34State = { documents: {} };

/** What a certificate's owner is told by. */
export function describeHost(certificate: Uint8Array): BoundHost {
  const { subject, serialNumber, fingerprint256 } = new X509Certificate(certificate);
  return { subject, serialNumber, fingerprint: fingerprint256.replaceAll(':', '') };
}
