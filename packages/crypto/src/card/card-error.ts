export type CardErrorCode =
  /** The key is not two-key TDES. */
  | 'KEY_LENGTH'
  /** The PAN is not 12 to 19 digits; for American Express, not 15. */
  | 'PAN_INVALID'
  /** The expiry date is not 4 digits. */
  | 'EXPIRY_INVALID'
  /** The service code is not 3 digits. */
  | 'SERVICE_CODE_INVALID'
  /** The authentication tracking number, the results code or the second factor's code is not 4, 1 or 2 digits. */
  | 'AUTHENTICATION_INVALID'
  /** The application transaction counter is not 2 bytes. */
  | 'COUNTER_INVALID'
  /** The unpredictable number is not 4 bytes. */
  | 'UNPREDICTABLE_NUMBER_INVALID'
  /** The track data are empty. */
  | 'TRACK_DATA_INVALID'
  /** A value is wanted, or was presented, that is not 3 to 5 digits. */
  | 'VALUE_INVALID';

/** Why a card's value is neither calculated nor verified. The message never says a value, a PAN or a part of one. */
export class CardError extends RangeError {
  override readonly name = 'CardError';
  readonly code: CardErrorCode;
  constructor(code: CardErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
