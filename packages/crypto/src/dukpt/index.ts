export {
  deriveAesCurrentKey,
  deriveAesInitialKey,
  deriveAesWorkingKey,
} from './aes.ts';
export { deriveDukptKey, deriveTerminalKey } from './derive.ts';
export { DukptError, type DukptErrorCode } from './dukpt-error.ts';
export {
  type DukptSchemeName,
  formatAesKsn,
  formatTdesKsn,
  type Ksn,
  parseAesKsn,
  parseTdesKsn,
  schemeOfKsn,
} from './ksn.ts';
export { AesDukptRegisters, TdesDukptRegisters, type TransactionKey } from './registers.ts';
export {
  deriveTdesCurrentKey,
  deriveTdesInitialKey,
  deriveTdesWorkingKey,
} from './tdes.ts';
export type { DukptKeyType, DukptUsage } from './usage.ts';
