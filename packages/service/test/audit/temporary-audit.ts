import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog, type AuditSettings } from '../../src/audit/audit-log.ts';
import { type AuditRecord, parseLine } from '../../src/audit/record.ts';
import { chainsOf, segmentsOf } from '../../src/audit/tail.ts';

export const ACCOUNT = '111122223333';

/** The lines of every chain of an audit directory, in order. */
export function linesOf(directory: string): string[] {
  return chainsOf(directory)
    .flatMap((chain) => segmentsOf(join(directory, chain)))
    .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(0, -1));
}

export function recordsOf(directory: string): AuditRecord[] {
  return linesOf(directory).map((line) => parseLine(line)!);
}

/** An audit in a directory of its own, which goes with it. */
export interface TemporaryAudit extends AsyncDisposable {
  readonly audit: AuditLog;
  readonly directory: string;
  readonly failures: unknown[];
}

export function temporaryAudit(settings: Partial<AuditSettings> = {}): TemporaryAudit {
  const home = mkdtempSync(join(tmpdir(), 'keywright-audit-'));
  const directory = join(home, 'audit');
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => failures.push(error);
  const audit = new AuditLog({ directory, account: ACCOUNT, onFailure, ...settings });
  return {
    audit,
    directory,
    failures,
    async [Symbol.asyncDispose]() {
      await audit[Symbol.asyncDispose]();
      rmSync(home, { recursive: true });
    },
  };
}
