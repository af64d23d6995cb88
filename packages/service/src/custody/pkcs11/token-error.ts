import { MainKeyError } from '../main-key.ts';

/** What the codes of PKCS#11 (v2.40, 5.1) mean for whoever runs the service. */
const MEANINGS: Record<number, string> = {
  5: 'the token failed in general',
  48: 'the token has an error of its own',
  49: 'the token has no memory left',
  50: 'the token was removed',
  84: 'the token does not have this function',
  96: 'the key is no longer there',
  99: 'the key is of another type',
  104: 'the key may not be used for this: it needs CKA_ENCRYPT and CKA_DECRYPT',
  112: 'the token has no AES-GCM (CKM_AES_GCM)',
  113: 'the token does not take these parameters of AES-GCM: it may want to make the nonce itself',
  160: 'the PIN is wrong',
  161: 'the PIN has characters that the token does not take',
  162: 'the PIN is too short or too long',
  163: 'the PIN has expired',
  164: 'the PIN is locked after too many wrong tries: the security officer has to set it anew',
  176: 'the session was closed',
  177: 'the token has no session left',
  179: 'the session is no longer there',
  224: 'there is no token in the slot',
  225: 'the token is not recognized',
  226: 'the token is write-protected',
  257: 'nobody is logged in to the token',
  258: 'the PIN of the user was not set yet',
};

export function codeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** What is said of a token's refusal; never more than its code's meaning. */
export function describeToken(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return 'the token failed';
  return `${MEANINGS[code] ?? 'the token refused'} (0x${code.toString(16).toUpperCase().padStart(8, '0')})`;
}

const CRYPTOKI_ALREADY_INITIALIZED = 0x191;
const USER_ALREADY_LOGGED_IN = 0x100;

/** Does what may have been done already. */
export function unlessDone(act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = codeOf(error);
    if (code !== CRYPTOKI_ALREADY_INITIALIZED && code !== USER_ALREADY_LOGGED_IN) throw error;
  }
}

const SESSION_IS_GONE = [0x05, 0x30, 0x32, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190];

/** Is it worth opening a new session? */
export function isSessionGone(error: unknown): boolean {
  return SESSION_IS_GONE.includes(codeOf(error) ?? 0);
}

const PIN_REFUSED = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x102];

/** Another try with the same PIN could lock the token. */
export function isPinRefused(error: unknown): boolean {
  return PIN_REFUSED.includes(codeOf(error) ?? 0);
}

export function tokenError(error: unknown): MainKeyError {
  return new MainKeyError('TOKEN', describeToken(error), { cause: error });
}
