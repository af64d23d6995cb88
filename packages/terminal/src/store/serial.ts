import { encodeHex, randomBytes } from '@keywright/crypto';

/** The serial number of a terminal that nobody named. */
export function newSerial(): string {
  return `KW${encodeHex(randomBytes(5))}`;
}
