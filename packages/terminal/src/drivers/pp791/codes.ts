// The device's codes and our reasons for them (PP791 Programmer's Manual r06: message 02, page 30; 91, page 256; 71, page 245;
// Z67, page 234).
import { type Refusal, TerminalError } from '../../refusals.ts';

export interface DeviceCode {
  readonly refusal: Refusal;
  /** In our words. */
  readonly meaning: string;
}

type Codes = Readonly<Record<string, DeviceCode>>;

const INTERNAL: Codes = {
  3: { refusal: 'REFUSED', meaning: 'the device ran out of memory' },
  4: { refusal: 'REFUSED', meaning: 'the device can not read its key store' },
};

/** Of both ways of loading a key block. */
const KEY_BLOCK: Codes = {
  A: { refusal: 'BLOCK_FORMAT', meaning: 'the device can not read the block' },
  B: { refusal: 'KBPK_TOO_WEAK', meaning: 'the key is longer than the key loading key, slot F' },
  C: { refusal: 'VERIFICATION_FAILED', meaning: 'the block is not authentic under the key loading key' },
  D: { refusal: 'KBPK_MISSING', meaning: 'no key loading key in slot F, or one of another usage than K0' },
  F: { refusal: 'LOAD_LIMIT', meaning: 'the device has taken as many keys as it may' },
};

/** Message 02: master keys. */
export const MASTER_KEY_CODES: Codes = {
  ...INTERNAL,
  ...KEY_BLOCK,
  2: { refusal: 'DUPLICATE_KEY', meaning: 'the same key value is in the device already' },
  7: { refusal: 'DECRYPTION_FAILED', meaning: 'the device could not decrypt the key' },
  E: {
    refusal: 'USAGE_NOT_FOR_SLOT',
    meaning: 'the slot is not for keys of this usage, algorithm or mode of use',
  },
};

/** Message 91, after 90 and 94: initial keys. */
export const INITIAL_KEY_CODES: Codes = {
  ...INTERNAL,
  ...KEY_BLOCK,
  1: { refusal: 'UNAUTHENTICATED', meaning: 'the device asks for its two passwords first' },
  2: { refusal: 'KSN_INVALID', meaning: 'initial key and KSN are not hexadecimal' },
};

/** Message 71, after 70 and 76: a PIN. */
export const PIN_CODES: Codes = {
  0: { refusal: 'REFUSED', meaning: 'the account number is missing' },
  2: { refusal: 'REFUSED', meaning: 'the account number is shorter than 8 digits' },
  3: { refusal: 'REFUSED', meaning: 'the account number is longer than 19 digits' },
  4: { refusal: 'REFUSED', meaning: 'the account number is not decimal' },
  5: { refusal: 'REFUSED', meaning: 'debit or credit is not told' },
  6: { refusal: 'REFUSED', meaning: 'the time for the PIN is malformed' },
  8: { refusal: 'REFUSED', meaning: 'the amount is malformed' },
  A: { refusal: 'SLOT_EMPTY', meaning: 'no key in the slot' },
  B: { refusal: 'REFUSED', meaning: 'the device can not read or write its memory' },
  C: { refusal: 'REFUSED', meaning: 'the device ran out of memory' },
  F: { refusal: 'DUKPT_EXHAUSTED', meaning: 'a million transactions: the device needs a new initial key' },
  G: { refusal: 'REFUSED', meaning: 'a file of the device is missing or not authentic' },
};

/** Message Z67, after Z66: a MAC. */
export const MAC_CODES: Codes = {
  2: { refusal: 'REFUSED', meaning: 'a part of the message came out of order' },
  3: { refusal: 'WRONG_KEY', meaning: 'no MAC key in the slot' },
  4: { refusal: 'WRONG_KEY', meaning: 'no second MAC key in the slot' },
  5: { refusal: 'DATA_LENGTH', meaning: 'the message is empty or too long' },
  6: { refusal: 'REFUSED', meaning: 'the kind of message is unknown' },
  7: { refusal: 'REFUSED', meaning: 'the message is not hexadecimal' },
  8: { refusal: 'REFUSED', meaning: 'the session key is malformed' },
  9: { refusal: 'WRONG_KEY', meaning: 'the MAC key has a length that this takes not' },
  A: { refusal: 'WRONG_KEY', meaning: 'the session key does not go with the usage of the MAC key' },
};

/** The error for a code of the device's. */
export function refusalOf(codes: Codes, code: string): TerminalError {
  const known = codes[code];
  if (known === undefined)
    return new TerminalError('REFUSED', 'the device refused with a code unknown here', code);
  return new TerminalError(known.refusal, known.meaning, code);
}

/** The code that a device has for a reason; `otherwise` when it has none. */
export function codeOf(codes: Codes, refusal: Refusal | undefined, otherwise: string): string {
  return Object.keys(codes).find((code) => codes[code]!.refusal === refusal) ?? otherwise;
}
