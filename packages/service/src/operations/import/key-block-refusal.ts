import { KeyBlockError, type KeyBlockErrorCode } from '@keywright/crypto';
import { type AwsException, invalid } from '../../api/exceptions.ts';

const AS_MADE = 'send the key block as it was made';
const ASK_SENDER = 'ask the sender for a key block as X9.143 has it';

/** What to do about each refusal of a key block; what was wrong is in the library's own words. */
const REMEDIES: Readonly<Record<KeyBlockErrorCode, string>> = {
  CHARACTER: AS_MADE,
  THALES_KEY_BLOCK: 'ask the sender for a TR-31 key block',
  SCHEME_LETTER: 'send the key block without the letter before it',
  HEADER_LENGTH: AS_MADE,
  VERSION: 'use version A, B or C under a TDES wrapping key, D under an AES one',
  LENGTH_FIELD: `${AS_MADE}, whole and without line breaks`,
  KEY_USAGE: ASK_SENDER,
  ALGORITHM: ASK_SENDER,
  MODE_OF_USE: ASK_SENDER,
  KEY_VERSION: ASK_SENDER,
  EXPORTABILITY: ASK_SENDER,
  OPTIONAL_BLOCK_COUNT: ASK_SENDER,
  KEY_CONTEXT: ASK_SENDER,
  RESERVED: ASK_SENDER,
  OPTIONAL_BLOCK: ASK_SENDER,
  OPTIONAL_BLOCK_DATA: ASK_SENDER,
  EXTENDED_LENGTH: ASK_SENDER,
  REPEATED_OPTIONAL_BLOCK: ASK_SENDER,
  OPTIONAL_BLOCK_PADDING: ASK_SENDER,
  LOWER_CASE: 'send its hexadecimal digits in upper case',
  PAYLOAD: AS_MADE,
  MAC: AS_MADE,
  KEY_LENGTH: ASK_SENDER,
  EQUAL_DES_KEYS: 'ask the sender for a key of different parts',
  KEY_BLOCK_TOO_LONG: ASK_SENDER,
  KBPK_LENGTH: 'use the wrapping key that the key block was made under',
  VERSION_NOT_FOR_KBPK: 'use the wrapping key that the key block was made under',
  KBPK_TOO_WEAK: 'use a stronger wrapping key',
  KEY_BLOCK_VERIFICATION_FAILED: AS_MADE,
};

/**
 * The answer to a key block that the library refuses; any other error as it is.
 *
 * @param ifWrong what to compare when the block does not verify: the wrapping key may be another
 * @param field that the block came in
 */
export function keyBlockRefusal(error: unknown, ifWrong: string, field: string): AwsException | unknown {
  if (!(error instanceof KeyBlockError)) return error;
  const { code, message } = error;
  const comparison = code === 'KEY_BLOCK_VERIFICATION_FAILED' ? `compare ${ifWrong}, and ` : '';
  return invalid(`${field} is not valid: ${message}. To mend it, ${comparison}${REMEDIES[code]}.`);
}
