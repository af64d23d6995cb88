import {
  type AdvisoryCode,
  ComponentError,
  DukptError,
  type DukptErrorCode,
  KeyBlockError,
  type KeyBlockErrorCode,
  Tr34Error,
  type Tr34ErrorCode,
} from '@keywright/crypto';
import { type Refusal, TerminalError } from '../refusals.ts';

/** What a terminal answers to each error and warning of a key block; undefined: a remark that is no reason to refuse. */
export const KEY_BLOCK_REFUSALS: Readonly<Record<KeyBlockErrorCode | AdvisoryCode, Refusal | undefined>> = {
  CHARACTER: 'BLOCK_FORMAT',
  THALES_KEY_BLOCK: 'BLOCK_FORMAT',
  SCHEME_LETTER: 'BLOCK_FORMAT',
  HEADER_LENGTH: 'BLOCK_FORMAT',
  VERSION: 'BLOCK_FORMAT',
  LENGTH_FIELD: 'BLOCK_FORMAT',
  KEY_USAGE: 'USAGE',
  ALGORITHM: 'ALGORITHM',
  MODE_OF_USE: 'MODE_OF_USE',
  KEY_VERSION: 'BLOCK_FORMAT',
  EXPORTABILITY: 'BLOCK_FORMAT',
  OPTIONAL_BLOCK_COUNT: 'BLOCK_FORMAT',
  KEY_CONTEXT: 'BLOCK_FORMAT',
  RESERVED: 'BLOCK_FORMAT',
  OPTIONAL_BLOCK: 'BLOCK_FORMAT',
  OPTIONAL_BLOCK_DATA: 'BLOCK_FORMAT',
  EXTENDED_LENGTH: 'BLOCK_FORMAT',
  REPEATED_OPTIONAL_BLOCK: 'BLOCK_FORMAT',
  OPTIONAL_BLOCK_PADDING: 'BLOCK_FORMAT',
  LOWER_CASE: 'BLOCK_FORMAT',
  PAYLOAD: 'BLOCK_FORMAT',
  MAC: 'BLOCK_FORMAT',
  KEY_LENGTH: 'KEY_LENGTH',
  KEY_BLOCK_TOO_LONG: 'BLOCK_FORMAT',
  KBPK_LENGTH: 'KBPK_ALGORITHM',
  VERSION_NOT_FOR_KBPK: 'KBPK_ALGORITHM',
  KBPK_TOO_WEAK: 'KBPK_TOO_WEAK',
  KEY_BLOCK_VERIFICATION_FAILED: 'VERIFICATION_FAILED',
  DEPRECATED_VERSION: 'BLOCK_VERSION',
  EQUAL_DES_KEYS: 'EQUAL_DES_KEYS',
  MODE_N: 'MODE_OF_USE',
  EXPORTABLE_TERMINAL_KEY: undefined,
  KEY_LENGTH_SHOWN: undefined,
  // KBPK_TOO_WEAK comes with it.
  AES_KEY_UNDER_TDES: undefined,
};

/** The others can't come from a terminal: it derives no keys of a caller's KSN. */
const DUKPT_REFUSALS: Partial<Record<DukptErrorCode, Refusal>> = {
  KSN_INVALID: 'KSN_INVALID',
  KEY_LENGTH: 'KEY_LENGTH',
  COUNTER_EXHAUSTED: 'DUKPT_EXHAUSTED',
};

const TR34_REFUSALS: Readonly<Record<Tr34ErrorCode, Refusal>> = {
  DER: 'TOKEN_FORMAT',
  STRUCTURE: 'TOKEN_FORMAT',
  ALGORITHM: 'TOKEN_FORMAT',
  CERTIFICATE: 'CERTIFICATE',
  CERTIFICATE_NOT_YET_VALID: 'CERTIFICATE_EXPIRED',
  CERTIFICATE_EXPIRED: 'CERTIFICATE_EXPIRED',
  CERTIFICATE_UNKNOWN: 'CERTIFICATE',
  CERTIFICATE_REVOKED: 'CERTIFICATE_REVOKED',
  CRL: 'CRL',
  CRL_EXPIRED: 'CRL',
  KEY_PAIR: 'CERTIFICATE',
  SIGNER: 'TOKEN_SIGNATURE',
  SIGNATURE: 'TOKEN_SIGNATURE',
  RECIPIENT: 'TOKEN_RECIPIENT',
  OTHER_KDH: 'TOKEN_RECIPIENT',
  NONCE_MISSING: 'TOKEN_NONCE',
  NONCE_UNEXPECTED: 'TOKEN_NONCE',
  NONCE_MISMATCH: 'TOKEN_NONCE',
  TIME_MISSING: 'TOKEN_REPLAYED',
  TIME_IN_FUTURE: 'TOKEN_REPLAYED',
  HEADER: 'TOKEN_FORMAT',
  HEADER_MISMATCH: 'TOKEN_FORMAT',
  KEY_LENGTH: 'KEY_LENGTH',
  DECRYPTION_FAILED: 'DECRYPTION_FAILED',
};

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof KeyBlockError) return KEY_BLOCK_REFUSALS[error.code];
  if (error instanceof Tr34Error) return TR34_REFUSALS[error.code];
  if (error instanceof DukptError) return DUKPT_REFUSALS[error.code];
  return error instanceof ComponentError ? 'COMPONENT' : undefined;
}

/** Runs `action`; what the library refuses in it comes out as a `TerminalError`, anything else as it is. */
export function refusing<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    throw new TerminalError(refusal, (error as Error).message);
  }
}
