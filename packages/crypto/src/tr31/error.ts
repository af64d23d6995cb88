/**
 * Every code of a `KeyBlockError` and what it stands for.
 *
 * The codes name the field that was wrong. `KEY_BLOCK_VERIFICATION_FAILED` alone covers everything that is found once
 * decryption has begun: whoever sends blocks must not learn how far one got.
 */
export const KEY_BLOCK_ERROR_CODES = {
  CHARACTER: 'the block has a character that is not printable ASCII',
  THALES_KEY_BLOCK: 'the block is a Thales key block, a format of its own',
  SCHEME_LETTER: 'a scheme letter stands before the block',
  HEADER_LENGTH: 'the header is not 16 characters long',
  VERSION: 'the key block version is unknown, or may not be written',
  LENGTH_FIELD: 'the length field is not the length of the block',
  KEY_USAGE: 'the key usage is unknown',
  ALGORITHM: 'the algorithm is unknown, or does not go with the key usage',
  MODE_OF_USE: 'the mode of use is unknown, or does not go with the key usage',
  KEY_VERSION: 'the key version number is malformed',
  EXPORTABILITY: 'the exportability is unknown',
  OPTIONAL_BLOCK_COUNT: 'the number of optional blocks is malformed, or too high',
  KEY_CONTEXT: 'the key context is unknown',
  RESERVED: 'the reserved field is in use',
  OPTIONAL_BLOCK: 'an optional block is malformed, or out of place',
  OPTIONAL_BLOCK_DATA: 'the data of an optional block are not what its id asks for',
  EXTENDED_LENGTH: 'an extended length is not written as the standard has it',
  REPEATED_OPTIONAL_BLOCK: 'two optional blocks have the same id',
  OPTIONAL_BLOCK_PADDING: 'the optional blocks are not padded to whole cipher blocks',
  LOWER_CASE: 'hexadecimal digits are written in lower case',
  PAYLOAD: 'the encrypted key is malformed',
  MAC: 'the MAC is malformed',
  KEY_LENGTH: 'the key has a length that its algorithm does not know',
  EQUAL_DES_KEYS: 'the TDES key is single DES: two of its DES keys that follow each other are equal',
  KEY_BLOCK_TOO_LONG: 'the block would be longer than 9999 characters',
  KBPK_LENGTH: 'the key block protection key has a length that the version does not know',
  VERSION_NOT_FOR_KBPK: 'the version does not fit the key block protection key',
  KBPK_TOO_WEAK: 'the key block protection key is weaker than the key',
  KEY_BLOCK_VERIFICATION_FAILED: 'the block is not authentic under this key block protection key',
} as const;

/** What was wrong with a key block, by field. */
export type KeyBlockErrorCode = keyof typeof KEY_BLOCK_ERROR_CODES;

/** A key block was refused. The message says which field, where, what was wrong and what would be right; never a key. */
export class KeyBlockError extends Error {
  override readonly name = 'KeyBlockError';
  readonly code: KeyBlockErrorCode;

  constructor(code: KeyBlockErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The one failure after decryption has begun. */
export function verificationFailed(): KeyBlockError {
  return new KeyBlockError(
    'KEY_BLOCK_VERIFICATION_FAILED',
    'key block verification failed: the block was changed, or was made under another key block protection key',
  );
}
