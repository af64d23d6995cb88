export type PinVerificationErrorCode =
  /** The PIN verification key is not two- or three-key TDES. */
  | 'KEY_LENGTH'
  /** The PIN is not 4 to 12 digits. */
  | 'PIN_INVALID'
  /** A PIN is wanted of fewer than 4 or more than 12 digits. */
  | 'PIN_LENGTH'
  /** The PAN is not 12 to 19 digits. */
  | 'PAN_INVALID'
  /** The PIN verification key index is not 0 to 6. */
  | 'KEY_INDEX_INVALID'
  /** The PIN verification value is not 4 digits. */
  | 'VERIFICATION_VALUE_INVALID'
  /** The validation data are not 4 to 16 digits. */
  | 'VALIDATION_DATA_INVALID'
  /** The pad character is not one hexadecimal digit. */
  | 'PAD_CHARACTER_INVALID'
  /** The decimalization table is not 16 digits. */
  | 'DECIMALIZATION_TABLE_INVALID'
  /** The PIN offset is not 4 to 12 digits. */
  | 'OFFSET_INVALID';

/** Why a PIN is neither made nor verified. The message never says a PIN, a PAN, an offset or a part of one. */
export class PinVerificationError extends RangeError {
  override readonly name = 'PinVerificationError';
  readonly code: PinVerificationErrorCode;
  constructor(code: PinVerificationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
