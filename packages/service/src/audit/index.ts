// What reads the audit: the command line verifies, exports and shows it without the service.
export type { ChainReport, Fault } from './chain-verifier.ts';
export { exportRecords } from './export.ts';
export { AuditFollower } from './follow.ts';
export { PUBLIC_KEY_NAME } from './public-key.ts';
export { copiedCheckpoints, readCheckpoints } from './read-lines.ts';
export type { AuditEvent, AuditRecord } from './record.ts';
export { type AuditReport, verifyAudit } from './verify.ts';
