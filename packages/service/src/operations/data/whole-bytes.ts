import { decodeHex } from '@keywright/crypto';
import { invalid } from '../../api/exceptions.ts';

/**
 * Reads hexadecimal digits that the model lets be odd in number.
 *
 * @throws AwsException (ValidationException) unless they make whole bytes
 */
export function wholeBytes(digits: string, field: string): Uint8Array {
  if (digits.length % 2 === 0) return decodeHex(digits, field);
  throw invalid(`${field} must have an even number of hexadecimal digits, got ${digits.length}.`);
}
