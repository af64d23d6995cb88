export type PinBlockErrorCode =
  /** The decrypted block is not one of the format for the PAN: wrong key, wrong PAN or tampered block. Nothing tells which. */
  | 'PIN_BLOCK_INVALID'
  /** The encrypted block is not as long as the format's. */
  | 'PIN_BLOCK_LENGTH'
  /** The PIN is not 4 to 12 digits. */
  | 'PIN_INVALID'
  /** The PAN is not 12 to 19 digits. */
  | 'PAN_INVALID'
  /** The format needs a PAN. */
  | 'PAN_MISSING'
  /** The format has no place for a PAN, so that one that is given would be bound to nothing. */
  | 'PAN_NOT_USED'
  /** The PAN is another on the way out than on the way in. */
  | 'PAN_CHANGED'
  /** The key's algorithm or length does not fit the format. */
  | 'KEY_NOT_FOR_FORMAT'
  /** The standard does not let the one format become the other. */
  | 'TRANSLATION_NOT_ALLOWED';

/** Why a PIN block is refused. The message never says a PIN, a PAN or a part of one. */
export class PinBlockError extends Error {
  override readonly name = 'PinBlockError';
  readonly code: PinBlockErrorCode;
  constructor(code: PinBlockErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The one failure after decryption has begun. */
export function invalidPinBlock(): PinBlockError {
  return new PinBlockError('PIN_BLOCK_INVALID', 'PIN block is invalid');
}
