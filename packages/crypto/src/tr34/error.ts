/**
 * Every code of a `Tr34Error` and what it stands for.
 *
 * `DECRYPTION_FAILED` alone covers everything that is found by decrypting, until it is certain that the signer of the token
 * encrypted the key itself; open-key-token.ts says why.
 */
export const TR34_ERROR_CODES = {
  DER: 'the bytes are not DER, or are too many',
  STRUCTURE: 'an element of the token is missing, is another one, or is one too many',
  ALGORITHM: 'an algorithm is not one of TR-34',
  CERTIFICATE: 'a certificate is malformed, or not one of an RSA key',
  CERTIFICATE_NOT_YET_VALID: 'a certificate is not yet valid',
  CERTIFICATE_EXPIRED: 'a certificate has expired',
  CERTIFICATE_UNKNOWN: 'a certificate was not issued by the certificate authority',
  CERTIFICATE_REVOKED: 'a certificate was revoked',
  CRL: 'the certificate revocation list is malformed, or not signed by the certificate authority',
  CRL_EXPIRED: 'the certificate revocation list is out of date, or from the future',
  KEY_PAIR: 'a private key does not belong to its certificate',
  SIGNER: 'the token was signed by another party than the one expected',
  SIGNATURE: 'the signature is not that of the signer over this token',
  RECIPIENT: 'the token is meant for another key receiving device',
  OTHER_KDH: 'the token is about another key distribution host',
  NONCE_MISSING: 'the token has no random number, but one was expected',
  NONCE_UNEXPECTED: 'the token has a random number, but none was expected',
  NONCE_MISMATCH: 'the random number is not the one expected',
  TIME_MISSING: 'the token has no time of signing',
  TIME_IN_FUTURE: 'the token was signed in the future',
  HEADER: 'the key block header is malformed',
  HEADER_MISMATCH: 'the key block header that is encrypted with the key is not the one that is signed',
  KEY_LENGTH: 'the key has a length that the algorithm of its header does not know',
  DECRYPTION_FAILED: 'the key could not be decrypted, or the signer did not encrypt it',
} as const;

/** Why a token was refused. */
export type Tr34ErrorCode = keyof typeof TR34_ERROR_CODES;

/** A TR-34 token was refused. The message says what was wrong, where, and what would be right; never a key. */
export class Tr34Error extends Error {
  override readonly name = 'Tr34Error';
  readonly code: Tr34ErrorCode;

  constructor(code: Tr34ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
