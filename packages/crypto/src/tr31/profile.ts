import { KeyBlockError, type KeyBlockErrorCode } from './error.ts';

/**
 * Who decides what is allowed.
 * - `x9.143`: the standard, to the letter
 * - `tolerant`: what HSMs and terminals in the field emit as well; every relaxation comes back as a warning
 */
export type Profile = 'x9.143' | 'tolerant';

/** What `tolerant` lets pass and `x9.143` refuses, under the code that it is refused with. */
export type RelaxableCode = Extract<
  KeyBlockErrorCode,
  | 'SCHEME_LETTER'
  | 'VERSION'
  | 'KEY_USAGE'
  | 'ALGORITHM'
  | 'MODE_OF_USE'
  | 'EXPORTABILITY'
  | 'KEY_CONTEXT'
  | 'RESERVED'
  | 'OPTIONAL_BLOCK'
  | 'OPTIONAL_BLOCK_DATA'
  | 'EXTENDED_LENGTH'
  | 'LOWER_CASE'
  | 'KEY_LENGTH'
  | 'EQUAL_DES_KEYS'
  | 'KBPK_TOO_WEAK'
>;

/** What both profiles let pass and is worth a word all the same. */
export type AdvisoryCode =
  | 'DEPRECATED_VERSION'
  | 'MODE_N'
  | 'EXPORTABLE_TERMINAL_KEY'
  | 'KEY_LENGTH_SHOWN'
  | 'AES_KEY_UNDER_TDES';

export type WarningCode = RelaxableCode | AdvisoryCode;

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Is called with each departure from the standard. */
export type Relax = (code: RelaxableCode, message: string) => void;

/** What to do with a departure from the standard: `x9.143` throws it, `tolerant` adds it to `warnings`. */
export function relaxation(profile: Profile, warnings: Warning[]): Relax {
  if (profile !== 'x9.143' && profile !== 'tolerant') {
    throw new TypeError("profile must be 'x9.143' or 'tolerant'");
  }
  return (code, message) => {
    if (profile === 'x9.143') throw new KeyBlockError(code, message);
    warnings.push({ code, message });
  };
}
