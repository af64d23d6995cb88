import { Tr34Error, type Tr34ErrorCode } from '@keywright/crypto';
import { type AwsException, invalid } from '../../api/exceptions.ts';

interface Remedy {
  /** The member that is at fault. */
  readonly member: 'WrappedKeyBlock' | 'SigningKeyCertificate' | 'WrappingKeyCertificate' | 'RandomNonce';
  readonly remedy: string;
}

function ofToken(remedy: string): Remedy {
  return { member: 'WrappedKeyBlock', remedy };
}

function ofSigner(remedy: string): Remedy {
  return { member: 'SigningKeyCertificate', remedy };
}

function ofNonce(remedy: string): Remedy {
  return { member: 'RandomNonce', remedy };
}

const AS_MADE = ofToken('send the token whole, as it was made');
const ASK_SENDER = ofToken('ask the sender for a key token as X9 TR-34 has it');
const RENEW = ofSigner('ask the sender for a token and certificate of a signing key that is in force');
const SEND_LIST = ofToken(
  'ask the sender for a token with the present revocation list of its authority, or without one',
);
const HEADER = ofToken(
  'ask the sender for a token with one key block header, the same in both of its places',
);

/** What to mend, and how, for each refusal of a token; what was wrong is in the library's own words. */
const REMEDIES: Readonly<Record<Tr34ErrorCode, Remedy>> = {
  DER: AS_MADE,
  STRUCTURE: ASK_SENDER,
  ALGORITHM: ASK_SENDER,
  CERTIFICATE: ofSigner('send the X.509 certificate of the RSA key that signed the token'),
  CERTIFICATE_NOT_YET_VALID: RENEW,
  CERTIFICATE_EXPIRED: RENEW,
  CERTIFICATE_UNKNOWN: ofSigner(
    'name the authority that issued it in CertificateAuthorityPublicKeyIdentifier',
  ),
  CERTIFICATE_REVOKED: RENEW,
  CRL: SEND_LIST,
  CRL_EXPIRED: SEND_LIST,
  KEY_PAIR: {
    member: 'WrappingKeyCertificate',
    remedy: 'send a certificate of the key WrappingKeyIdentifier',
  },
  SIGNER: ofSigner('send the certificate of the key that signed the token'),
  SIGNATURE: ofToken(
    'send the token whole, as it was made, and in SigningKeyCertificate the certificate of the key that signed it',
  ),
  RECIPIENT: ofToken(
    'have the sender make it for the WrappingKeyCertificate that belongs to this ImportToken or WrappingKeyIdentifier',
  ),
  OTHER_KDH: ofSigner('send the certificate of the host that the token is about'),
  NONCE_MISSING: ofNonce('leave it out for a token of one pass, or have the sender put it into the token'),
  NONCE_UNEXPECTED: ofNonce('give the random number that the token was made for'),
  NONCE_MISMATCH: ofNonce(
    'give the random number that the token was made for, or ask the sender for a new token',
  ),
  TIME_MISSING: ofToken('ask the sender for a token with the time of signing, or with a random number'),
  TIME_IN_FUTURE: ofToken('set the clock of the sender, or of this service, right'),
  HEADER,
  HEADER_MISMATCH: HEADER,
  KEY_LENGTH: ofToken('ask the sender for a token whose header has the algorithm of the key'),
  DECRYPTION_FAILED: ofToken(
    'have the sender make it anew for the WrappingKeyCertificate, under its own SigningKeyCertificate',
  ),
};

/** The answer to a token that the library refuses; any other error as it is. */
export function tr34Refusal(error: unknown): AwsException | unknown {
  if (!(error instanceof Tr34Error)) return error;
  const { member, remedy } = REMEDIES[error.code];
  return invalid(`${member} is not valid: ${error.message}. To mend it, ${remedy}.`);
}
