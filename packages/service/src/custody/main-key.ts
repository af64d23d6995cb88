import type { Secret } from '@keywright/crypto';

/** A holder of the main key. The key itself stays inside: it may be a file's, a passphrase's, or an HSM's. */
export interface MainKeyProvider extends Disposable {
  /** Tells main keys apart; stored beside what was sealed. Not secret. */
  readonly id: string;
  /** Encrypts and authenticates; `associatedData` is authenticated with it and is needed again to open. */
  seal(clear: Secret, associatedData: Uint8Array): Promise<Uint8Array>;
  /** @throws SealError when anything at all does not fit */
  open(sealed: Uint8Array, associatedData: Uint8Array): Promise<Secret>;
}

/** What was sealed does not open: another main key, another record, or changed bytes. It does not say which. */
export class SealError extends Error {
  override readonly name = 'SealError';
  constructor(options?: ErrorOptions) {
    super('sealed key material does not open: wrong main key, or the record was changed', options);
  }
}

export type MainKeyErrorCode = 'DAMAGED_FILE' | 'PASSPHRASE_TOO_SHORT' | 'WRONG_PASSPHRASE';

/** The main key can't be had at the start. The message is for whoever runs the service, and holds no secret. */
export class MainKeyError extends Error {
  override readonly name = 'MainKeyError';
  readonly code: MainKeyErrorCode;
  constructor(code: MainKeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
