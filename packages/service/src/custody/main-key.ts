import type { Secret } from '@keywright/crypto';

/** A holder of the main key. The key itself stays inside: it may be a file's, a passphrase's, or an HSM's. */
export interface MainKeyProvider extends Disposable {
  /** Tells main keys apart; stored beside what was sealed. Not secret. */
  readonly id: string;
  /** Encrypts and authenticates; `associatedData` is authenticated with it and is needed again to open. */
  seal(clear: Secret, associatedData: Uint8Array): Promise<Uint8Array>;
  /** @throws SealError when anything at all does not fit */
  open(sealed: Uint8Array, associatedData: Uint8Array): Promise<Secret>;
  /** The main key itself, sealed under another; only of a main key that is in this process. */
  wrapUnder?(other: MainKeyProvider): Promise<Uint8Array>;
  /** Where another process finds it too; only of a main key in a token. */
  readonly tokenUri?: string;
}

/** A main key that was made and is no data directory's yet. */
export interface PreparedMainKey {
  readonly kind: 'file' | 'passphrase' | 'shares' | 'pkcs11';
  readonly provider: MainKeyProvider;
  /** Of the file in the data directory. */
  readonly content: string;
}

/** What was sealed does not open: another main key, another record, or changed bytes. It does not say which. */
export class SealError extends Error {
  override readonly name = 'SealError';
  constructor(options?: ErrorOptions) {
    super('sealed key material does not open: wrong main key, or the record was changed', options);
  }
}

/** The service is sealed: its main key is not there until the custodians bring it. */
export class SealedError extends Error {
  override readonly name = 'SealedError';
  constructor() {
    super('the service is sealed: its custodians have to unseal it first');
  }
}

export type MainKeyErrorCode =
  /** A file of the main key is damaged. */
  | 'DAMAGED_FILE'
  /** The passphrase has fewer than 12 characters. */
  | 'PASSPHRASE_TOO_SHORT'
  /** The passphrase is not the one that the main key was made with. */
  | 'WRONG_PASSPHRASE'
  /** A main key that is in a file goes into a backup under a passphrase only. */
  | 'NO_PASSPHRASE'
  /** The file of the main key is gone, and the database needs it. */
  | 'LOST'
  /** The main key of the data directory is of another kind than the configuration says. */
  | 'OTHER_KIND'
  /** Only a main key in shares is sealed and unsealed. */
  | 'NOT_IN_SHARES'
  /** The service is not sealed. */
  | 'NOT_SEALED'
  /** The library of the token, or the package that loads it, is not there. */
  | 'TOKEN_LIBRARY'
  /** The token refuses, or does not have the key. */
  | 'TOKEN'
  /** A main key is being replaced; that has to end first. */
  | 'ROTATING'
  /** There is no main key yet, and custodians have to make it. */
  | 'NOT_MADE'
  /** The data directory has a main key. */
  | 'MADE_ALREADY'
  /** The text of a share has a character that no share has. */
  | 'SHARE_CHARACTER'
  /** The text of a share is too short or too long. */
  | 'SHARE_LENGTH'
  /** The share was mistyped: its checksum does not fit. */
  | 'SHARE_CHECKSUM'
  /** The share is of another main key. */
  | 'SHARE_OF_ANOTHER_SET'
  /** The share was given already. */
  | 'SHARE_REPEATED'
  /** The share is not the one that was handed out under its number. */
  | 'SHARE_FORGED'
  /** The shares do not make the main key. */
  | 'WRONG_SHARES';

/** The main key can't be had at the start. The message is for whoever runs the service, and holds no secret. */
export class MainKeyError extends Error {
  override readonly name = 'MainKeyError';
  readonly code: MainKeyErrorCode;
  constructor(code: MainKeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
