/**
 * Every reason for which a terminal refuses, and what it stands for. Those of loading come back as the `status` of a result;
 * those of using a key are thrown.
 */
export const REFUSALS = {
  TAMPERED: 'the sealed store was damaged or put back to an older state; only zeroize helps',
  BLOCK_FORMAT: 'the block can not be read as a key block',
  BLOCK_VERSION: 'the key block version is deprecated',
  VERIFICATION_FAILED: 'the block is not authentic under this key block protection key',
  KBPK_MISSING: 'no key in the slot of the key block protection key',
  KBPK_USAGE: 'the key in the slot of the key block protection key is of another usage',
  KBPK_ALGORITHM: 'the key block protection key is of another cipher than the block version asks for',
  KBPK_TOO_WEAK: 'the key is stronger than its key block protection key',
  BDK: 'a base derivation key (B0) has no place in a terminal; it takes the initial key (B1)',
  USAGE: 'no slot takes keys of this usage',
  USAGE_NOT_FOR_SLOT: 'the slot is for keys of another usage',
  ALGORITHM: 'the algorithm does not go with the usage',
  MODE_OF_USE: 'the mode of use does not go with the usage',
  KEY_COMPONENT: 'the block holds a component of a key, not a key',
  KEY_LENGTH: 'the key has a length that the slot does not take',
  EQUAL_DES_KEYS: 'the TDES key is single DES in disguise',
  KCV_MISMATCH: 'the check value is not the one expected',
  DUPLICATE_KEY: 'the same key value is in the terminal already',
  KEY_VERSION_LOWER: 'the key version is lower than one that the slot has had',
  SLOT_OCCUPIED: 'the slot has a key of the same version',
  LOAD_LIMIT: 'the terminal has taken as many keys as it may',
  KSN_REQUIRED: 'an initial key needs its KSN, in the block or beside it',
  KSN_INVALID: 'the KSN is malformed, or of the other DUKPT scheme',
  KSN_CONFLICT: 'the KSN in the block and the one beside it differ',
  KSN_COUNTER: 'the counter of the KSN is too high to be taken',
  KSN_IN_USE: 'the same initial key with the same KSN was loaded before: its transaction keys would repeat',
  CLEAR_LOAD_CLOSED: 'the slot has a key: from now on it takes key blocks only',
  COMPONENT: 'a component, or the key that the components make, is refused',
  COMPONENT_ORDER: 'the component is not the one that comes next',
  SLOT_EMPTY: 'no key in the slot',
  WRONG_KEY: 'the key in the slot is not for this operation',
  FORMAT_NOT_FOR_KEY: 'the PIN block format does not go with the cipher of the key',
  DATA_LENGTH: 'the data are not whole blocks of the cipher',
  DUKPT_EXHAUSTED: 'every transaction key was used: the terminal needs a new initial key',
} as const;

export type Refusal = keyof typeof REFUSALS;

/** The terminal refused. The message says why and what would be right, never a key or a PIN. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly code: Refusal;

  constructor(code: Refusal, message: string = REFUSALS[code]) {
    super(message);
    this.code = code;
  }
}
