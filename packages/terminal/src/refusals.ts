/**
 * Every reason for which a terminal refuses, and what it stands for: a closed list, onto which each driver maps its device's own
 * codes. Those of loading come back as the `status` of a result; those of everything else are thrown. What to do about each is in
 * remedies.ts.
 */
export const REFUSALS = {
  // The terminal and the way to it.
  NOT_SUPPORTED: 'the terminal, or its driver, can not do this',
  NO_ANSWER: 'the terminal did not answer, or the link to it broke: what it did is not known',
  BAD_ANSWER: 'the answer of the terminal can not be understood: what it did is not known',
  BUSY: 'the terminal is busy with something else',
  CANCELLED: 'somebody cancelled at the terminal, or the time for it ran out',
  UNAUTHENTICATED: 'the terminal asks for an authentication that has not taken place',
  REFUSED: 'the terminal refused, and its protocol does not say why',
  TAMPERED: 'the terminal has found that it was tampered with; only zeroize helps',
  // The key block, the token or the cryptogram.
  BLOCK_FORMAT: 'the block can not be read as a key block',
  BLOCK_VERSION: 'the key block version is deprecated',
  ENVELOPE: "a vendor's envelope is malformed, or can not be verified here",
  KEY_CRYPTOGRAM: 'a bare key cryptogram is bound to no usage; key blocks only',
  VERIFICATION_FAILED: 'the block is not authentic under this key block protection key',
  DECRYPTION_FAILED: 'the key could not be decrypted',
  // The key block protection key.
  KBPK_MISSING: 'no key in the slot of the key block protection key',
  KBPK_USAGE: 'the key in the slot of the key block protection key is of another usage',
  KBPK_ALGORITHM: 'the key block protection key is of another cipher than the block version asks for',
  KBPK_TOO_WEAK: 'the key is stronger than its key block protection key',
  // What the key is for, and what it is.
  BDK: 'a base derivation key (B0) has no place in a terminal; it takes the initial key (B1)',
  USAGE: 'no slot takes keys of this usage',
  USAGE_NOT_FOR_SLOT: 'the slot is for keys of another usage',
  ALGORITHM: 'the algorithm does not go with the usage',
  MODE_OF_USE: 'the mode of use does not go with the usage',
  KEY_COMPONENT: 'the block holds a component of a key, not a key',
  KEY_LENGTH: 'the key has a length that the slot does not take',
  EQUAL_DES_KEYS: 'the TDES key is single DES in disguise',
  KCV_MISMATCH: 'the check value is not the one expected',
  DUPLICATE_KEY: 'the same key value is in the terminal already',
  KEY_VERSION_LOWER: 'the key version is lower than one that the slot has had',
  SLOT_OCCUPIED: 'the slot has a key of the same version',
  LOAD_LIMIT: 'the terminal has taken as many keys as it may',
  // The key serial number of an initial key.
  KSN_REQUIRED: 'an initial key needs its KSN, in the block or beside it',
  KSN_INVALID: 'the KSN is malformed, or of the other DUKPT scheme',
  KSN_CONFLICT: 'the KSN in the block and the one beside it differ',
  KSN_COUNTER: 'the counter of the KSN is the last one: no transaction is left',
  KSN_IN_USE: 'the same initial key with the same KSN was loaded before: its transaction keys would repeat',
  // Components.
  CLEAR_LOAD_CLOSED: 'the terminal has a KEK: from now on it takes keys under that one only',
  COMPONENT: 'a component, or the key that the components make, is refused',
  COMPONENT_ORDER: 'the component is not the one that comes next, or comes too late',
  // TR-34.
  NO_CERTIFICATE: 'the terminal lacks a certificate that this needs: its own, or an authority',
  TOKEN_FORMAT: 'the token is malformed, or of an algorithm that TR-34 does not have',
  TOKEN_SIGNATURE: 'the token is not signed by the party that it has to come from',
  TOKEN_RECIPIENT: 'the token is meant for another terminal, or is about another host',
  TOKEN_NONCE: "the token does not answer the terminal's last random number",
  TOKEN_REPLAYED:
    'the one-pass token is not newer than the last one taken, or is too old, or is from the future',
  CERTIFICATE: 'a certificate is malformed, not from its authority, or does not belong to its key',
  CERTIFICATE_EXPIRED: 'a certificate is out of force',
  CERTIFICATE_REVOKED: 'the certificate was revoked by its authority',
  CRL: 'the revocation list is malformed, out of date, or not from the authority',
  NOT_BOUND: 'the terminal is bound to no key distribution host',
  ALREADY_BOUND: 'the terminal is bound to a key distribution host: it takes a rebind or an unbind first',
  // Using a key.
  SLOT_EMPTY: 'no key in the slot',
  WRONG_KEY: 'the key in the slot is not for this operation',
  FORMAT_NOT_FOR_KEY: 'the PIN block format does not go with the cipher of the key',
  DATA_LENGTH: 'the data are not whole blocks of the cipher',
  PIN_RATE: 'too many PINs in too short a time',
  DUKPT_EXHAUSTED: 'every transaction key was used: the terminal needs a new initial key',
} as const;

export type Refusal = keyof typeof REFUSALS;

/**
 * The terminal refused. The message says why and what would be right, never a key or a PIN; `deviceCode` is the device's own code
 * for it, where a driver got one.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly code: Refusal;
  readonly deviceCode: string | undefined;

  constructor(code: Refusal, message: string = REFUSALS[code], deviceCode?: string) {
    super(message);
    this.code = code;
    this.deviceCode = deviceCode;
  }
}
