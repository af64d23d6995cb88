export type EmvErrorCode =
  /** A key is not two-key TDES. */
  | 'KEY_LENGTH'
  /** The PAN is not 12 to 19 digits. */
  | 'PAN_INVALID'
  /** The PAN sequence number is not 2 digits. */
  | 'SEQUENCE_NUMBER_INVALID'
  /** The application transaction counter is not 2 bytes. */
  | 'COUNTER_INVALID'
  /** The unpredictable number is not 4 bytes. */
  | 'UNPREDICTABLE_NUMBER_INVALID'
  /** What a session key is derived from is not 8 bytes. */
  | 'DIVERSIFICATION_INVALID'
  /** The initialization vector of the tree of session keys is not 16 bytes. */
  | 'TREE_INVALID'
  /** The application cryptogram is not 8 bytes. */
  | 'CRYPTOGRAM_INVALID'
  /** The transaction data are empty. */
  | 'TRANSACTION_DATA_INVALID'
  /** The authorization response code is not 2 bytes. */
  | 'RESPONSE_CODE_INVALID'
  /** The card status update is not 4 bytes. */
  | 'CARD_STATUS_UPDATE_INVALID'
  /** The proprietary authentication data are longer than 8 bytes. */
  | 'PROPRIETARY_DATA_INVALID'
  /** The command data to encrypt are empty, or too long for the byte that tells their length. */
  | 'COMMAND_DATA_INVALID'
  /** The MAC is not 4 to 8 bytes. */
  | 'MAC_LENGTH'
  /** The PIN, the new or the current one, is not 4 to 12 digits. */
  | 'PIN_INVALID';

/** Why a key, cryptogram or script of a chip card is not made. The message never says a key, a PIN, a PAN or a part of one. */
export class EmvError extends RangeError {
  override readonly name = 'EmvError';
  readonly code: EmvErrorCode;
  constructor(code: EmvErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
