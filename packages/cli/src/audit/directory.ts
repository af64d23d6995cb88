import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** The audit of the service on this machine. @throws Failure when there is none */
export function auditDirectory(dataDirectory = process.env.KEYWRIGHT_DATA_DIR || '.keywright'): string {
  const directory = join(dataDirectory, 'audit');
  if (existsSync(directory)) return directory;
  throw new Failure(
    `there is no audit in ${dataDirectory}: give --data-dir, or run it where the service runs`,
  );
}
