export type BackupErrorCode =
  /** The file is no backup. */
  | 'NOT_A_BACKUP'
  /** The backup has a format that this release does not read. */
  | 'OTHER_VERSION'
  /** The manifest is damaged. */
  | 'MANIFEST_DAMAGED'
  /** The file ends before its last part does. */
  | 'TRUNCATED'
  /** Something follows the last part. */
  | 'TOO_LONG'
  /** A part's bytes are not the ones of the manifest. */
  | 'PART_DAMAGED'
  /** The tag does not fit the manifest. */
  | 'FORGED'
  /** Backups are restored into an empty directory only. */
  | 'NOT_EMPTY'
  /** The directory cannot be put in its place in one step. */
  | 'NO_PLACE'
  /** Another restore into that directory is under way. */
  | 'BUSY';

/** A backup is not what it has to be, or cannot be restored. The message is for whoever restores it, and holds no secret. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupErrorCode;
  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
