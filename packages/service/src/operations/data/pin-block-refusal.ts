import type { PinBlockError } from '@keywright/crypto';
import { type AwsException, invalid } from '../../api/exceptions.ts';

/** What was wrong of a PIN block is not told: it would help somebody who tries PINs. */
export function invalidPinBlock(): AwsException {
  return invalid(
    'Pin block provided is invalid. Please check your input to ensure all field values are correct.',
  );
}

/**
 * Inside of the block nothing is told apart; what is wrong with the request itself is said.
 *
 * @param what was to be done with the block: `read`
 */
export function pinBlockRefusal({ code, message }: PinBlockError, what: string): AwsException {
  if (code === 'PIN_BLOCK_INVALID' || code === 'PIN_BLOCK_LENGTH') return invalidPinBlock();
  return invalid(`The PIN block can't be ${what}: ${message}.`);
}
