export { BackupError } from './backup/backup-error.ts';
export { type Backup, openBackup } from './backup/backup-file.ts';
export type { Manifest } from './backup/manifest.ts';
export { assertEmpty, restoreBackup } from './backup/restore-backup.ts';
export {
  openWithPassphrase,
  openWithToken,
  type RestoredMainKey,
  unsealBackup,
} from './backup/restored-main-key.ts';
export { type Configuration, ConfigurationError, configurationFromEnvironment } from './configuration.ts';
export { MainKeyError } from './custody/main-key.ts';
export { type HandedShares, makeShares, type NewShares, newShares } from './custody/new-shares.ts';
export { passphraseKeyOf } from './custody/passphrase-main-key.ts';
export { openApiDocument } from './http/open-api.ts';
export { runMain } from './main.ts';
export { type RunningService, startService } from './service.ts';
