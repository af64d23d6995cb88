import { decodeHex, equal } from '@keywright/crypto';

/** Compares check values in constant time, whatever case their digits are in. */
export function sameCheckValue(left: string, right: string): boolean {
  return equal(decodeHex(left, 'check value'), decodeHex(right, 'check value'));
}
