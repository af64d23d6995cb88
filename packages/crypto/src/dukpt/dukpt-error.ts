export type DukptErrorCode =
  /** The KSN, or the initial key ID, is not hexadecimal of a length that the scheme knows. */
  | 'KSN_INVALID'
  /** The counter is 0, where only the initial key is. */
  | 'COUNTER_ZERO'
  /** The counter has more one-bits than a terminal ever uses. */
  | 'COUNTER_SKIPPED'
  /** Every counter was used: the terminal needs a new initial key. */
  | 'COUNTER_EXHAUSTED'
  /** A key's length does not fit the scheme. */
  | 'KEY_LENGTH'
  /** The scheme, or the key that is derived from, does not give keys of that type. */
  | 'KEY_TYPE'
  /** The scheme has no key of that usage. */
  | 'USAGE'
  /** A restored state of the registers was not made by `export` of the same scheme. */
  | 'STATE_INVALID';

/** Why a DUKPT key can't be derived. The message names field and lengths, never a key. */
export class DukptError extends RangeError {
  override readonly name = 'DukptError';
  readonly code: DukptErrorCode;
  constructor(code: DukptErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** @throws DukptError (KEY_LENGTH) */
export function assertKeyLength(key: { readonly length: number }, allowed: readonly number[], title: string) {
  if (!allowed.includes(key.length)) {
    throw new DukptError('KEY_LENGTH', `${title} must be ${allowed.join(' or ')} bytes, got ${key.length}`);
  }
}
